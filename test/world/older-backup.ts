import { sql } from "kysely";
import { createTestApp, type TestApp } from "../../server/src/testing/test-app.ts";
import type { TestHall, World } from "../world.ts";

type Databases = TestApp["databases"];

async function tablesOf(db: Databases["groups"]): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`select quote_ident(tablename) as name from pg_tables
    where schemaname = 'public' and tablename not like 'backup_of_%'`.execute(db);
  return rows.map(({ name }) => name);
}

/** Copies what the hall's group plane holds. */
export async function backUp({ groups }: Databases): Promise<void> {
  for (const table of await tablesOf(groups))
    await sql.raw(`create table backup_of_${table} as table ${table}`).execute(groups);
}

/** The hall stops, its group plane is put back to the copy, and it starts again at the same address. */
export async function restore({ hall, people, clock }: World<TestHall>): Promise<AsyncDisposable> {
  const { databases, app } = hall.app;
  await app.close();
  const { groups } = databases;
  const tables = await tablesOf(groups);
  await groups.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const table of tables) await sql.raw(`delete from ${table}`).execute(tx);
    for (const table of tables)
      await sql.raw(`insert into ${table} overriding system value select * from backup_of_${table}`).execute(tx);
  });
  const again = await createTestApp({ origin: hall.origin, clock: clock.now, databases });
  const { port } = new URL(hall.origin);
  await again.app.listen({ port: Number(port), host: "127.0.0.1" });
  for (const { hall: program } of people) program.wake();
  return again;
}
