import { type Kysely, sql, type Transaction } from "kysely";
import type { GroupPlane } from "../database/schema.ts";
import { type GroupSettings, settingsOf, type StewardStanding } from "./groups-rules.ts";
import { refuse } from "./refusal.ts";

export type GroupReader = Kysely<GroupPlane>;
export type GroupTransaction = Transaction<GroupPlane>;

/** A group's row as it stands. */
export interface StoredGroup {
  readonly no: number;
  readonly id: Uint8Array;
  readonly era: number;
  readonly seq: number;
  readonly headIndex: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly settings: GroupSettings;
  readonly entriesDay: number;
  readonly entriesOnDay: number;
}

interface Row {
  readonly no: number;
  readonly id: Uint8Array;
  readonly era: number;
  readonly seq: number;
  readonly head_index: number;
  readonly limits: string;
  readonly entries_day: number;
  readonly entries_on_day: number;
  readonly deleted: boolean;
}

/** @throws {RefusedError} `unknown-group`, `group-deleted` */
export async function readGroup(db: GroupReader, groupId: Uint8Array): Promise<StoredGroup> {
  const { rows } = await sql<Row>`select * from working_group where id = ${groupId}`.execute(db);
  return groupOf(rows[0]);
}

/**
 * The group with its row locked: whoever changes the group's log, chain, eras, boxes or stewards holds this lock until the transaction ends.
 *
 * @throws {RefusedError} `unknown-group`, `group-deleted`
 */
export async function lockGroup(db: GroupTransaction, groupId: Uint8Array): Promise<StoredGroup> {
  const { rows } = await sql<Row>`select * from working_group where id = ${groupId} for no key update`.execute(db);
  return groupOf(rows[0]);
}

function groupOf(row: Row | undefined): StoredGroup {
  if (row === undefined) return refuse("unknown-group");
  if (row.deleted) return refuse("group-deleted");
  const limits = parseLimits(row.limits);
  return {
    no: row.no,
    id: row.id,
    era: row.era,
    seq: row.seq,
    headIndex: row.head_index,
    limits,
    settings: settingsOf(limits),
    entriesDay: row.entries_day,
    entriesOnDay: row.entries_on_day,
  };
}

const noLimits: Readonly<Record<string, number>> = {};

function parseLimits(text: string): Readonly<Record<string, number>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only changeLimits writes this column
  return text === "{}" ? noLimits : (JSON.parse(text) as Record<string, number>);
}

export interface StoredEra {
  readonly era: number;
  readonly pass: Uint8Array;
  readonly labelKey: Uint8Array;
  readonly startSeq: number;
  readonly startDay: number;
  readonly boxesKept: boolean;
  readonly unsignedBoxes: number;
}

/** Null where the group never had this era. */
export async function readEra(db: GroupReader, groupNo: number, era: number): Promise<StoredEra | null> {
  const row = await db
    .selectFrom("group_era")
    .selectAll()
    .where("group_no", "=", groupNo)
    .where("era", "=", era)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    era,
    pass: row.pass,
    labelKey: row.label_key,
    startSeq: row.start_seq,
    startDay: row.start_day,
    boxesKept: row.boxes_kept,
    unsignedBoxes: row.unsigned_boxes,
  };
}

/** Rule 7: eras whose boxes are kept, the newest last. */
export async function readKeptEras(
  db: GroupReader,
  groupNo: number,
): Promise<readonly { readonly era: number; readonly labelKey: Uint8Array }[]> {
  const rows = await db
    .selectFrom("group_era")
    .select(["era", "label_key"])
    .where("group_no", "=", groupNo)
    .where("boxes_kept", "=", true)
    .orderBy("era")
    .execute();
  return rows.map((row) => ({ era: row.era, labelKey: row.label_key }));
}

export async function readStewards(db: GroupReader, groupNo: number): Promise<readonly Uint8Array[]> {
  const rows = await db
    .selectFrom("group_steward")
    .select("key")
    .where("group_no", "=", groupNo)
    .where("listed", "=", true)
    .orderBy("key")
    .execute();
  return rows.map(({ key }) => key);
}

export async function readStanding(db: GroupReader, groupNo: number, key: Uint8Array): Promise<StewardStanding | null> {
  const row = await db
    .selectFrom("group_steward")
    .select(["listed", "counter"])
    .where("group_no", "=", groupNo)
    .where("key", "=", Buffer.from(key))
    .executeTakeFirst();
  return row ?? null;
}

export async function writeCounter(
  db: GroupTransaction,
  groupNo: number,
  key: Uint8Array,
  counter: number,
): Promise<void> {
  await db
    .updateTable("group_steward")
    .set({ counter })
    .where("group_no", "=", groupNo)
    .where("key", "=", Buffer.from(key))
    .execute();
}

/** Makes these keys the whole list. Keys that go off it keep their counters. */
export async function writeStewards(db: GroupTransaction, groupNo: number, keys: readonly Uint8Array[]): Promise<void> {
  const listed = keys.map((key) => Buffer.from(key));
  await sql`update group_steward set listed = false where group_no = ${groupNo} and listed`.execute(db);
  await sql`insert into group_steward (group_no, key, counter, listed)
    select ${groupNo}::integer, key, 0, true from unnest(${listed}::bytea[]) as key
    on conflict (group_no, key) do update set listed = true`.execute(db);
}

/** A new era with its pass and label key. Era rows stay for as long as the group. */
export async function insertEra(
  db: GroupTransaction,
  groupNo: number,
  era: Omit<StoredEra, "boxesKept" | "unsignedBoxes">,
): Promise<void> {
  await db
    .insertInto("group_era")
    .values({
      group_no: groupNo,
      era: era.era,
      pass: era.pass,
      label_key: era.labelKey,
      start_seq: era.startSeq,
      start_day: era.startDay,
      boxes_kept: true,
    })
    .execute();
}

/** What else changes in the row with a new log item. */
export async function writeGroup(
  db: GroupTransaction,
  groupNo: number,
  change: {
    readonly seq: number;
    readonly era?: number;
    readonly head_index?: number;
    readonly limits?: string;
    readonly entries_day?: number;
    readonly entries_on_day?: number;
  },
): Promise<void> {
  await db.updateTable("working_group").set(change).where("no", "=", groupNo).execute();
}

/** Deletes all that hangs on the group. Its row stays, so that the id is never given out again (rule 8). */
export async function deleteGroup(db: GroupTransaction, groupNo: number): Promise<void> {
  const tables = ["blob", "log_item", "group_topic", "group_box", "era_link", "group_steward", "group_era"] as const;
  for (const table of tables) await sql`delete from ${sql.table(table)} where group_no = ${groupNo}`.execute(db);
  await sql`update working_group set deleted = true, era = 0, seq = 0, head_index = 0, limits = '{}',
    entries_day = 0, entries_on_day = 0 where no = ${groupNo}`.execute(db);
}
