import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { toBase64url } from "../contract/base64url.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { limits } from "../contract/limits.ts";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import { ask, registered, signIn } from "../testing/test-account.ts";
import { bodyRoom } from "./body-room.ts";
import { defaultBodyLimit } from "./route.ts";

const { ofAddress } = bodyRoom;
const long = groupLimits.chainRequestBytes;
const someGroup = `/api/groups/${toBase64url(randomBytes(32))}`;
const cbor = { "content-type": "application/cbor" };

interface Listening extends TestApp {
  /** How many requests were read so far. */
  readonly heads: () => number;
}

async function listening(): Promise<Listening> {
  let heads = 0;
  const hall = await createTestApp({
    rateLimits: true,
    extend: (app) => {
      app.addHook("preParsing", async (_request, _reply, payload) => {
        heads += 1;
        return payload;
      });
    },
  });
  await hall.app.listen({ port: 0, host: "127.0.0.1" });
  return { ...hall, heads: () => heads };
}

/** Sends the head of a request and nothing of its body, and waits until the hall has read it. */
async function begun({ app, heads }: Listening, head: string, ...headers: readonly string[]): Promise<Socket> {
  const address = app.server.address();
  const before = heads();
  if (address === null || typeof address === "string") throw new Error("the hall does not listen");
  const socket = connect(address.port, "127.0.0.1").on("error", () => undefined);
  const lines = [`${head} HTTP/1.1`, "Host: localhost", "Content-Type: application/cbor", ...headers, "", ""];
  socket.write(lines.join("\r\n"));
  onTestFinished(() => void socket.destroy());
  while (heads() === before) await new Promise((done) => setImmediate(done));
  await new Promise((done) => setImmediate(done));
  return socket;
}

/** The status of a founding of so many bytes that are none: 400 where it was read. */
async function junk({ app }: TestApp, bytes: number, remoteAddress = "127.0.0.1"): Promise<number> {
  const payload = Buffer.alloc(bytes, 0xff);
  return (await app.inject({ method: "PUT", url: someGroup, headers: cbor, payload, remoteAddress })).statusCode;
}

test("long bodies of strangers wait while others of their address are under way, answered or broken off", async () => {
  await using hall = await listening();
  await begun(hall, `PUT ${someGroup}`, `Content-Length: ${ofAddress - long}`);
  const broken = await begun(hall, `POST ${someGroup}/commands`, `Content-Length: ${defaultBodyLimit + 1}`);
  expect(await junk(hall, long)).toBe(429);
  expect(await junk(hall, long - defaultBodyLimit - 1)).toBe(400);
  expect(await junk(hall, long - defaultBodyLimit)).toBe(429);
  expect(await junk(hall, long, "192.0.2.7")).toBe(400);
  broken.destroy();
  await vi.waitFor(async () => expect(await junk(hall, long)).toBe(400), { timeout: 45_000 });
  expect(await junk(hall, long)).toBe(400);
  const refused = await hall.app.inject({
    method: "PUT",
    url: someGroup,
    headers: cbor,
    payload: Buffer.alloc(long + 1),
  });
  expect(refused.statusCode).toBe(413);
});

test("a body of unknown length counts as the longest of its route", async () => {
  await using hall = await listening();
  for (let count = 0; count < ofAddress / long; count += 1)
    await begun(hall, `PUT ${someGroup}`, "Transfer-Encoding: chunked");
  expect(await junk(hall, defaultBodyLimit + 1)).toBe(429);
  const reply = await hall.app.inject({ method: "PUT", url: someGroup, headers: cbor, payload: Buffer.alloc(long) });
  expect(reply.json()).toMatchObject({ status: 429, code: "too-many-requests" });
  expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
});

test("short bodies, and long ones of members, do not wait for those of strangers", async () => {
  await using hall = await listening();
  const headers = await signIn(hall, await registered(hall));
  for (let count = 0; count < ofAddress / long; count += 1)
    await begun(hall, `PUT ${someGroup}`, `Content-Length: ${long}`);
  expect(await junk(hall, defaultBodyLimit + 1)).toBe(429);
  expect(await junk(hall, defaultBodyLimit)).toBe(400);
  const payload = { vault: toBase64url(randomBytes(limits.vaultBytes)), replaces: null };
  expect((await ask(hall.app, "PUT", "/api/account/vault", { headers, payload })).statusCode).toBe(200);
});

test("a long body for the account is not waited for where the session is missing or no good", async () => {
  await using hall = await listening();
  const bad = `Authorization: Bearer ${toBase64url(randomBytes(32))}`;
  for (const head of ["PUT /api/account/vault", "POST /api/account/statements"])
    for (const headers of [[], [bad]]) {
      const socket = await begun(hall, head, "Content-Length: 100000", ...headers);
      const answer = new Promise<string>((done) => socket.once("data", (bytes) => done(bytes.toString("latin1"))));
      expect(await answer).toMatch(/^HTTP\/1\.1 401 /);
    }
});

test("an address where there is nothing reads no long body", async () => {
  await using hall = await createTestApp();
  const payload = Buffer.alloc(defaultBodyLimit + 1);
  const reply = await hall.app.inject({ method: "POST", url: "/api/nothing", headers: cbor, payload });
  expect(reply.json()).toMatchObject({ status: 413, code: "body-too-large" });
});
