import { type Kysely, sql } from "kysely";
import { expect, test, vi } from "vitest";
import type { AccountPlane } from "./schema.ts";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import { createTestDatabases } from "../testing/test-databases.ts";
import { ask, newTestAccount, registrationText } from "../testing/test-account.ts";

async function waitUntil(isSo: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(isSo, { timeout: 45_000 });
}

/** Ends every connection whose statement waits for a lock or holds an advisory one, once there is such a connection. */
async function endBusyConnection(db: Kysely<AccountPlane>): Promise<void> {
  await waitUntil(async () => {
    const { rows } = await sql`
      select pg_terminate_backend(pid) from pg_locks
      where database = (select oid from pg_database where datname = current_database())
        and (locktype = 'advisory' or not granted)`.execute(db);
    if (rows.length === 0) throw new Error("nothing is under way yet");
  });
}

test("a connection that dies under a query fails that query alone, and the pool goes on with another", async () => {
  await using databases = await createTestDatabases();
  const db = databases.accounts;
  const sleeping = sql`select pg_advisory_lock(1), pg_sleep(60)`.execute(db).then(
    () => "slept",
    () => "failed",
  );
  await endBusyConnection(db);
  expect(await sleeping).toBe("failed");
  // The pool may hand out the dying connection once more before it hears of its end.
  await waitUntil(async () => await sql`select 1`.execute(db));
});

test("a request whose connection dies is told that the database cannot be reached, and the next one is answered", async () => {
  await using hall = await createTestApp();
  const db = hall.databases.accounts;
  const account = newTestAccount();
  const payload = { registration: registrationText(account, hall.origin), admission: await hall.admission() };
  const requests = [
    { send: async () => await ask(hall.app, "GET", "/api/hall"), good: 200 },
    { send: async () => await ask(hall.app, "POST", "/api/accounts", { payload }), good: 201 },
  ];
  for (const { send, good } of requests) {
    const interrupted = await db.transaction().execute(async (trx) => {
      await sql`lock table hall_setup`.execute(trx);
      const reply = send();
      await endBusyConnection(db);
      return await reply;
    });
    expect(interrupted.json()).toMatchObject({ status: 503, code: "database-unreachable" });
    await waitUntil(async () => expect((await send()).statusCode).toBe(good));
  }
  expect(hall.logged()).toBe("");
});

test("so is one whose connection dies between two statements of its transaction", async () => {
  await using hall: TestApp = await createTestApp({
    extend: (app) => {
      app.get("/api/pauses", async () => {
        const db = hall.databases.accounts;
        await db.transaction().execute(async (trx) => {
          await sql`select pg_advisory_xact_lock(1)`.execute(trx);
          await endBusyConnection(db);
          // Its end is heard of while nothing is asked.
          await new Promise((done) => setTimeout(done, 500));
          await sql`select 1`.execute(trx);
        });
      });
    },
  });
  expect((await ask(hall.app, "GET", "/api/pauses")).json()).toMatchObject({
    status: 503,
    code: "database-unreachable",
  });
  expect((await ask(hall.app, "GET", "/api/hall")).statusCode).toBe(200);
});
