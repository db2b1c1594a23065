import { sql } from "kysely";
import { expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../server/src/testing/test-app.ts";
import { createWorld, type TestHall, type World } from "../world.ts";

type Databases = TestApp["databases"];

async function tablesOf(db: Databases["groups"]): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`select quote_ident(tablename) as name from pg_tables
    where schemaname = 'public' and tablename not like 'backup_of_%'`.execute(db);
  return rows.map(({ name }) => name);
}

/** Copies what the hall's group plane holds. */
async function backUp({ groups }: Databases): Promise<void> {
  for (const table of await tablesOf(groups))
    await sql.raw(`create table backup_of_${table} as table ${table}`).execute(groups);
}

/** The hall stops, its group plane is put back to the copy, and it starts again at the same address. */
async function restore({ hall, people, clock }: World<TestHall>): Promise<AsyncDisposable> {
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

test("attack 24: the hall is put back to an older backup: everybody who saw more says so, and what it lost comes back", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.post(group, "before the backup");
  await world.settle();
  await backUp(world.hall.app.databases);
  await ana.post(group, "by ana, lost");
  await bongani.post(group, "by bongani, lost");
  await world.settle();
  const lastRead = (await bongani.group(group.groupId)).held.snapshot.stored.cursor;
  await bongani.close();
  await ana.post(group, "by ana, not seen by bongani");
  await world.settle();

  await using _ = await restore(world);
  await chidi.post(group, "after the restore");
  await chidi.post(group, "and more");
  await world.settle();
  // By now the log is longer than it was when bongani read it last.
  const { seq } = await world.hall.app.databases.groups
    .selectFrom("working_group")
    .select("seq")
    .where("id", "=", Buffer.from(group.groupId, "hex"))
    .executeTakeFirstOrThrow();
  expect(seq).toBeGreaterThan(lastRead);
  await bongani.reopen();
  await world.settle();
  world.clock.advance(61_000);
  await world.settle();

  const all = [
    "opening",
    "before the backup",
    "by ana, lost",
    "by bongani, lost",
    "by ana, not seen by bongani",
    "after the restore",
    "and more",
  ].toSorted();
  for (const reader of [ana, bongani, chidi]) {
    expect([reader.name, ...(await reader.texts(group)).toSorted()]).toEqual([reader.name, ...all]);
    expect(await reader.warnings(group.groupId)).toContain("rolled-back");
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
  }
  // Somebody who comes later finds all of it in the hall.
  const again = world.stranger("bongani's new phone");
  await again.recover(bongani.words);
  await world.settle();
  expect((await again.texts(group)).toSorted()).toEqual(all);
}, 240_000);

test("attack 24: what the hall lost of somebody who is gone for good is sent again by those who hold it", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  await backUp(world.hall.app.databases);
  const lost = ["the last one", "by who is gone"];
  for (const text of lost) await chidi.post(group, text);
  await world.settle();
  await chidi.close();

  await using _ = await restore(world);
  // The log has grown past the place up to which the others have read it.
  for (const text of ["one", "two", "three"]) await ana.post(group, text);
  await world.settle();
  world.clock.advance(61_000);
  await world.settle();
  const again = world.stranger("ana's new phone");
  await ana.close();
  await bongani.close();
  await again.recover(ana.words);
  await world.settle();
  expect((await again.texts(group)).toSorted()).toEqual(["opening", ...lost, "one", "two", "three"].toSorted());
  expect(await again.warnings(group.groupId)).toEqual([]);
}, 240_000);
