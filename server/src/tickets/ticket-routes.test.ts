import { expect, test } from "vitest";
import { limits } from "../contract/limits.ts";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import { ask, newTestAccount, registered, registrationText, signIn } from "../testing/test-account.ts";
import { spendTicket } from "./ticket-store.ts";

type Headers = { readonly authorization: string };

async function tickets(
  hall: TestApp,
  headers: Headers,
  purpose: string,
  count: number,
): Promise<readonly string[] | string> {
  const reply = await ask(hall.app, "POST", "/api/tickets", { headers, payload: { purpose, count } });
  const { tickets: issued, code } = reply.json<{ tickets?: string[]; code?: string }>();
  return issued ?? code ?? `status ${reply.statusCode}`;
}

test("each ticket is another one, and is spent once, for what it was made for", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const issued = await tickets(hall, headers, "group", 3);
  expect(new Set(issued).size).toBe(3);
  const [text = ""] = issued;
  const ticket = Buffer.from(text, "base64url");
  expect(await spendTicket(hall.databases.groups, "mailbox", ticket)).toBe(false);
  expect(await spendTicket(hall.databases.groups, "group", ticket)).toBe(true);
  expect(await spendTicket(hall.databases.groups, "group", ticket)).toBe(false);
});

test("of two who spend one ticket at once one has it", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const [text = ""] = await tickets(hall, headers, "mailbox", 1);
  const ticket = Buffer.from(text, "base64url");
  const spent = await Promise.all(
    [1, 2, 3].map(
      async () =>
        await hall.databases.groups.transaction().execute(async (trx) => await spendTicket(trx, "mailbox", ticket)),
    ),
  );
  expect(spent.filter(Boolean)).toHaveLength(1);
});

test("a ticket to register makes an account", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const [ticket] = await tickets(hall, headers, "register", 1);
  const registration = registrationText(newTestAccount(), hall.origin);
  const payload = { registration, admission: { kind: "ticket", ticket } };
  expect((await ask(hall.app, "POST", "/api/accounts", { payload })).statusCode).toBe(201);
});

test("an invite of 1,000 uses has its tickets in one request; a request for more is refused", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  expect(await tickets(hall, headers, "register", limits.ticketsAtOnce)).toHaveLength(1_000);
  expect(await tickets(hall, headers, "register", limits.ticketsAtOnce + 1)).toBe("malformed-request");
  expect(await tickets(hall, headers, "register", 0)).toBe("malformed-request");
  expect(await tickets(hall, headers, "anything", 1)).toBe("malformed-request");
});

test("the quota is of one day, one account and one purpose", async () => {
  await using hall = await createTestApp();
  const [ana, chidi] = [await registered(hall), await registered(hall)];
  const [headers, other] = [await signIn(hall, ana), await signIn(hall, chidi)];
  const quota = limits.ticketsPerDay.group;
  expect(await tickets(hall, headers, "group", quota - 1)).toHaveLength(quota - 1);
  expect(await tickets(hall, headers, "group", 2)).toBe("quota-spent");
  expect(await tickets(hall, headers, "group", 1)).toHaveLength(1);
  expect(await tickets(hall, headers, "group", 1)).toBe("quota-spent");
  expect(await tickets(hall, headers, "mailbox", 1)).toHaveLength(1);
  expect(await tickets(hall, other, "group", 1)).toHaveLength(1);
  hall.advance(12 * 3_600_000);
  expect(await tickets(hall, await signIn(hall, ana), "group", quota)).toHaveLength(quota);
});

test("what is kept of tickets is their hash, their purpose and the day; nothing says whose they are", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const [text = ""] = await tickets(hall, headers, "group", 1);
  const rows = await hall.databases.groups.selectFrom("ticket").selectAll().execute();
  expect(rows).toHaveLength(1);
  expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual(["day", "hash", "purpose"]);
  expect(Buffer.from(rows[0]?.hash ?? []).toString("base64url")).not.toBe(text);
});
