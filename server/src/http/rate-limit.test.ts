import fastify, { type FastifyInstance } from "fastify";
import { expect, onTestFinished, test, vi } from "vitest";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import { installProblems } from "./problem.ts";
import { installRateLimits, limited, networkOf, requestsPerMinute } from "./rate-limit.ts";

async function askFrom({ app }: TestApp, remoteAddress: string, forwarded?: string): Promise<number> {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return (await app.inject({ method: "POST", url: "/api/challenges", remoteAddress, headers })).statusCode;
}

test("an address that asks too often waits, others do not", async () => {
  await using hall = await createTestApp({ rateLimits: true });
  for (let count = 0; count < requestsPerMinute.anonymous; count += 1)
    if ((await askFrom(hall, "192.0.2.1")) !== 201) throw new Error(`refused after ${count}`);
  const reply = await hall.app.inject({ method: "POST", url: "/api/challenges", remoteAddress: "192.0.2.1" });
  expect(reply.json()).toMatchObject({ status: 429, code: "too-many-requests" });
  expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(reply.headers["retry-after"])).toBeLessThanOrEqual(60);
  expect(await askFrom(hall, "192.0.2.2")).toBe(201);
  expect(hall.logged()).not.toContain("192.0.2");
});

/** Two routes of one kind and one of another, with nothing behind them. */
async function limitedRoutes(): Promise<FastifyInstance> {
  // A busy machine would be longer than a minute about it.
  vi.useFakeTimers({ toFake: ["Date"] });
  const app = fastify();
  onTestFinished(async () => {
    vi.useRealTimers();
    await app.close();
  });
  installProblems(app);
  await installRateLimits(app);
  app.get("/one", { config: limited("signing") }, async () => "one");
  app.get("/two", { config: limited("signing") }, async () => "two");
  app.get("/other", { config: limited("upload") }, async () => "other");
  return app;
}

test("routes of one kind share what an address may ask, at the limit, below and above it; other kinds do not", async () => {
  const app = await limitedRoutes();
  const status = async (url: string, remoteAddress = "192.0.2.1"): Promise<number> =>
    (await app.inject({ url, remoteAddress })).statusCode;
  const statuses = new Set<number>();
  for (let count = 0; count < requestsPerMinute.signing / 2 - 1; count += 1)
    for (const url of ["/one", "/two"]) statuses.add(await status(url));
  for (const url of ["/one", "/two"]) statuses.add(await status(url));
  expect([...statuses]).toEqual([200]);
  for (const url of ["/one", "/two"]) expect(await status(url)).toBe(429);
  expect(await status("/other")).toBe(200);
  expect(await status("/one", "192.0.2.2")).toBe(200);
});

test("an address is remembered while twenty thousand others ask", async () => {
  const app = await limitedRoutes();
  const ask = async (remoteAddress: string): Promise<number> =>
    (await app.inject({ url: "/one", remoteAddress })).statusCode;
  for (let count = 0; count < requestsPerMinute.signing; count += 1) await ask("192.0.2.1");
  for (let count = 1; count < 20_000; count += 1) await ask(`10.0.${count >> 8}.${count & 255}`);
  expect(await ask("192.0.2.1")).toBe(429);
});

test("without a proxy nobody is believed about an address that is not theirs", async () => {
  await using hall = await createTestApp({ rateLimits: true });
  for (let count = 0; count < requestsPerMinute.anonymous; count += 1)
    await askFrom(hall, "192.0.2.1", `198.51.100.${count % 250}`);
  expect(await askFrom(hall, "192.0.2.1", "203.0.113.9")).toBe(429);
});

test("behind the proxy of an https hall each person counts alone", async () => {
  await using hall = await createTestApp({ rateLimits: true, origin: "https://hall.example" });
  for (let count = 0; count < requestsPerMinute.anonymous; count += 1) await askFrom(hall, "127.0.0.1", "198.51.100.1");
  expect(await askFrom(hall, "127.0.0.1", "198.51.100.1")).toBe(429);
  expect(await askFrom(hall, "127.0.0.1", "198.51.100.2")).toBe(201);
});

test("one household's IPv6 addresses count as one, neighbours' do not", () => {
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe(networkOf("2001:db8:1:2::9"));
  expect(networkOf("2001:db8:1::9")).toBe("2001:db8:1:0");
  expect(networkOf("2001:db8:1:2::9")).not.toBe(networkOf("2001:db8:1:3::9"));
  expect(networkOf("::ffff:192.0.2.1")).toBe("::ffff:192.0.2.1");
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("::1")).toBe("0:0:0:0");
});

test("who tries sessions is told to wait before the hall looks them up", async () => {
  await using hall = await createTestApp({ rateLimits: true });
  const codes = new Set<string>();
  for (let count = 0; count <= requestsPerMinute.signing; count += 1) {
    const headers = { authorization: `Bearer ${"A".repeat(43)}` };
    const reply = await hall.app.inject({ url: "/api/account", remoteAddress: "192.0.2.1", headers });
    codes.add(reply.json<{ code: string }>().code);
  }
  expect([...codes]).toEqual(["session-ended", "too-many-requests"]);
});
