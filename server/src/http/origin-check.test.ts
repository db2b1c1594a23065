import { afterAll, expect, test } from "vitest";
import { createTestApp } from "../testing/test-app.ts";
import { ask } from "../testing/test-account.ts";

const hall = await createTestApp();
afterAll(async () => await hall[Symbol.asyncDispose]());

test("a page of another origin is refused, the hall's own and programs are not", async () => {
  const codeOf = async (headers: Record<string, string>): Promise<string | undefined> =>
    (await ask(hall.app, "POST", "/api/challenges", { headers })).json<{ code?: string }>().code;
  expect(await codeOf({})).toBeUndefined();
  expect(await codeOf({ origin: hall.origin })).toBeUndefined();
  for (const origin of [
    "https://evil.example",
    "null",
    "http://localhost:8081",
    "https://localhost:8080",
    `${hall.origin}.evil.example`,
  ])
    expect(await codeOf({ origin })).toBe("origin-refused");
});

async function statusOf(url: string, site: string): Promise<number> {
  return (await ask(hall.app, "GET", url, { headers: { "sec-fetch-site": site } })).statusCode;
}

test("a reading request that another site makes is refused, a person who follows a link is not", async () => {
  expect(await statusOf("/api/hall", "same-origin")).toBe(200);
  expect(await statusOf("/api/hall", "none")).toBe(200);
  expect(await statusOf("/api/hall", "cross-site")).toBe(403);
  expect(await statusOf("/api/hall", "same-site")).toBe(403);
  expect(await statusOf("/join", "cross-site")).not.toBe(403);
});

test("no reply allows another origin to read it", async () => {
  for (const url of ["/api/hall", "/join", "/api/nothing"]) {
    const { headers } = await ask(hall.app, "GET", url, { headers: { origin: hall.origin } });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  }
});
