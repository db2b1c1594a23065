import { randomBytes } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limits } from "../../server/src/contract/index.ts";
import { createWorld } from "../world.ts";
import { OwnProgram } from "../world/own-program.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani" | "chidi">>>;

beforeAll(async () => {
  world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.link(group.groupId, { mode: "instant", uses: 3 });
  await world.settle();
  await bongani.post(group, "a post");
  using program = await OwnProgram.of(bongani, group.groupId);
  await program.keepBlob(limits.blobChunkBytes + 1_234);
  await ana.remove(chidi, group);
  await world.settle();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** What stands in one column, each value once. */
interface Column {
  readonly name: string;
  readonly values: ReadonlySet<string>;
}

/** Every column of every table of one database; bytes in hex. What the migrations write about themselves is the same in every hall. */
async function columnsOf<DB>(db: Kysely<DB>): Promise<readonly Column[]> {
  const { rows } = await sql<{ table: string; column: string; type: string }>`
    select table_name as table, column_name as column, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name not like '%migration%' order by 1, 2`.execute(db);
  const columns: Column[] = [];
  for (const { table, column, type } of rows) {
    const value = type === "bytea" ? sql`encode(${sql.ref(column)}, 'hex')` : sql`${sql.ref(column)}::text`;
    const found = await sql<{ value: string }>`
      select distinct ${value} as value from ${sql.table(table)} where ${sql.ref(column)} is not null`.execute(db);
    columns.push({ name: `${table}.${column}`, values: new Set(found.rows.map((row) => row.value)) });
  }
  return columns;
}

/** Counts, days, flags and purposes: the same in every row of every hall. */
const isTrivial = (value: string): boolean => /^\d{1,6}$/.test(value) || ["true", "false", "{}", ""].includes(value);

/** Pairs of columns with a value in common, or of which one holds the other's value inside a longer one. */
function joins(accounts: readonly Column[], groups: readonly Column[]): readonly string[] {
  const found: string[] = [];
  for (const a of accounts)
    for (const g of groups) {
      const telling = [...a.values].filter((value) => !isTrivial(value));
      const shared = telling.some((value) => g.values.has(value));
      const inside = telling.some((value) => value.length >= 32 && [...g.values].some((one) => one.includes(value)));
      const around = [...g.values].some((value) => value.length >= 32 && telling.some((one) => one.includes(value)));
      if (shared || inside || around) found.push(`${a.name} = ${g.name}`);
    }
  return found;
}

test("attack 38: no column of the accounts' database shares a value with any column of the groups'", async () => {
  const { accounts, groups } = world.hall.app.databases;
  const [left, right] = [await columnsOf(accounts), await columnsOf(groups)];
  expect(left.filter(({ values }) => values.size > 0).length).toBeGreaterThan(10);
  expect(right.filter(({ values }) => values.size > 0).length).toBeGreaterThan(30);
  expect(left.find(({ name }) => name === "account.identity_key")?.values.size).toBe(4);
  expect(right.find(({ name }) => name === "log_item.sealed")?.values.size).toBeGreaterThan(10);
  expect(right.find(({ name }) => name === "blob_chunk.sealed")?.values.size).toBe(2);
  expect(joins(left, right)).toEqual([]);
});

test("attack 38: the same search finds a planted account, whole, inside a longer value, and a moment that both planes hold", async () => {
  const { accounts, groups } = world.hall.app.databases;
  const left = await columnsOf(accounts);
  const row = await accounts.selectFrom("account").select(["id", "identity_key"]).executeTakeFirstOrThrow();
  const { expires } = await accounts.selectFrom("session").select("expires").executeTakeFirstOrThrow();
  await sql`create table planted (whole bytea, inside bytea, moment bigint)`.execute(groups);
  const inside = Buffer.concat([randomBytes(9), row.id, randomBytes(9)]);
  await sql`insert into planted values (${row.identity_key}, ${inside}, ${expires})`.execute(groups);
  const found = joins(left, await columnsOf(groups));
  expect(found).toContain("account.identity_key = planted.whole");
  expect(found).toContain("account.id = planted.inside");
  expect(found).toContain("session.expires = planted.moment");
});
