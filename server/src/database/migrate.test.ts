import { sql } from "kysely";
import { expect, test } from "vitest";
import { createTestDatabases } from "../testing/test-databases.ts";
import { migrate, NewerDatabaseError } from "./migrate.ts";

test("a migrated database is left as it is by a second start", async () => {
  await using databases = await createTestDatabases();
  await migrate(databases.accounts, "accounts");
  await migrate(databases.groups, "groups");
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(databases.groups);
  expect(rows.map(({ name }) => name)).toContain("0001-mailboxes-and-tickets");
});

test("a database that a newer program changed is refused and named", async () => {
  await using databases = await createTestDatabases();
  await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`.execute(
    databases.groups,
  );
  await expect(migrate(databases.groups, "groups")).rejects.toEqual(new NewerDatabaseError(["9999-from-the-future"]));
});

test("the list of migrations keeps days, no moments", async () => {
  await using databases = await createTestDatabases();
  const { rows } = await sql<{ timestamp: string }>`select timestamp from kysely_migration`.execute(databases.accounts);
  expect(rows.length).toBeGreaterThan(0);
  for (const { timestamp } of rows) expect(timestamp).toMatch(/^\d{4}-\d\d-\d\d$/);
});
