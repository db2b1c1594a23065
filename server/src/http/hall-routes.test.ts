import { expect, test } from "vitest";
import { contractVersion } from "../contract/contract-history.ts";
import { problems } from "../contract/problem.ts";
import { createTestApp } from "../testing/test-app.ts";

test("a hall tells its contract and limits, and answers that it lives and is ready", async () => {
  await using hall = await createTestApp();
  const told = await hall.app.inject("/api/hall");
  expect(told.statusCode).toBe(200);
  expect(told.json()).toMatchObject({
    contract: contractVersion,
    limits: { recordBytes: 65_536, ticketsPerDay: { group: 50 } },
  });
  expect((await hall.app.inject("/healthz")).statusCode).toBe(200);
  expect((await hall.app.inject("/readyz")).statusCode).toBe(200);
});

test("a hall whose database is gone is alive and not ready", async () => {
  await using hall = await createTestApp();
  await hall.databases.dropGroups();
  expect((await hall.app.inject("/healthz")).statusCode).toBe(200);
  const ready = await hall.app.inject("/readyz");
  expect(ready.statusCode).toBe(problems["database-unreachable"].status);
  expect(ready.json()).toMatchObject({ code: "database-unreachable" });
});

test("every challenge is another one of 32 bytes", async () => {
  await using hall = await createTestApp();
  const replies = await Promise.all(
    [1, 2, 3].map(async () => await hall.app.inject({ method: "POST", url: "/api/challenges" })),
  );
  const texts = replies.map((reply) => reply.json<{ challenge: string }>().challenge);
  expect(new Set(texts).size).toBe(3);
  for (const text of texts) expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
