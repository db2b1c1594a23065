import { randomBytes } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { createTestApp, testNow } from "../testing/test-app.ts";
import { ask, newKey, registered, signIn } from "../testing/test-account.ts";

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

async function columnsOf<Schema>(db: Kysely<Schema>): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select table_name as "table", column_name as "column", data_type as "type"
    from information_schema.columns where table_schema = 'public' and table_name not like 'kysely%'`.execute(db);
  return rows;
}

/** Every value of every column, as text that compares across tables. */
async function valuesOf<Schema>(db: Kysely<Schema>): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const { table, column } of await columnsOf(db)) {
    const { rows } = await sql<{ value: string }>`
      select trim(leading '\\x' from ${sql.ref(column)}::text) as value from ${sql.table(table)}
      where ${sql.ref(column)} is not null`.execute(db);
    for (const { value } of rows) values.set(value, `${table}.${column}`);
  }
  return values;
}

test("no column of either plane is made for a moment", async () => {
  await using hall = await createTestApp();
  const columns = [...(await columnsOf(hall.databases.accounts)), ...(await columnsOf(hall.databases.groups))];
  expect(columns.length).toBeGreaterThan(20);
  const moments = columns.filter(
    ({ column, type }) => /time|date|interval/.test(type) || /time|moment|created|updated|_at$/.test(column),
  );
  expect(moments).toEqual([]);
});

test("nothing that either plane stores occurs in the other, so that no row of one leads to a row of the other", async () => {
  await using hall = await createTestApp();
  for (let member = 0; member < 3; member += 1) {
    const headers = await signIn(hall, await registered(hall));
    await ask(hall.app, "PUT", "/api/account/vault", {
      headers,
      payload: { vault: toBase64url(randomBytes(400)), replaces: null },
    });
    const issued = await ask(hall.app, "POST", "/api/tickets", { headers, payload: { purpose: "mailbox", count: 2 } });
    await ask(hall.app, "POST", "/api/tickets", { headers, payload: { purpose: "register", count: 2 } });
    const [ticket] = issued.json<{ tickets: string[] }>().tickets;
    const payload = {
      ticket,
      readKey: toBase64url(newKey().publicKey),
      writeToken: toBase64url(randomBytes(32)),
      expiryDay: dayOf(testNow) + 30,
      itemLimit: 900 + member,
      preview: toBase64url(randomBytes(300)),
    };
    const made = await ask(hall.app, "PUT", `/api/mailboxes/${toBase64url(randomBytes(16))}`, { payload });
    expect(made.statusCode).toBe(201);
  }
  const [accounts, groups] = [await valuesOf(hall.databases.accounts), await valuesOf(hall.databases.groups)];
  expect([accounts.size, groups.size].every((size) => size > 12)).toBe(true);
  const shared = [...accounts]
    .filter(([value]) => groups.has(value))
    .map(([value, place]) => [place, groups.get(value)]);
  const moments = [...accounts, ...groups].filter(([value]) => /^\d{10,}$/.test(value)).map(([, place]) => place);
  expect(new Set(moments)).toEqual(new Set(["session.expires"]));
  // The day on which tickets were issued is the same for everybody's.
  expect(shared).toEqual([["register_ticket.day", "ticket.day"]]);
});
