import { recordHash } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import type { LogItem, WireRecord } from "../contract/log.ts";
import { keyOf } from "../groups/group-key.ts";
import type { GroupTransaction, StoredGroup } from "../groups/group-store.ts";
import { itemKinds } from "../groups/group-tables.ts";
import type { Refusal } from "../groups/refusal.ts";
import { type ItemRow, recordHashOf } from "./log-items.ts";
import { type AppendState, judgeAppend, type KnownRecord } from "./log-rules.ts";

/** What one `append` asks for. */
export interface AppendRequest {
  readonly records: readonly WireRecord[];
  /** The era whose pass its sender has proved. */
  readonly authorEra: number;
}

export interface AppendOutcome {
  /** Of the records before the refused one, in their order. */
  readonly seqs: readonly number[];
  readonly day: number;
  readonly refusal: Refusal | null;
}

export interface AppendContext {
  readonly day: number;
  readonly inGrace: boolean;
}

interface NewRecord {
  readonly seq: number;
  readonly record: WireRecord;
}

/**
 * Judges and writes many requests of one group in one transaction (group commit), in their order: what an earlier one adds is known to the
 * later ones. The group's row is locked. Outcomes stand in the order of the requests.
 */
export async function appendRecords(
  db: GroupTransaction,
  group: StoredGroup,
  requests: readonly AppendRequest[],
  { day, inGrace }: AppendContext,
): Promise<{ readonly outcomes: readonly AppendOutcome[]; readonly items: readonly LogItem[] }> {
  const known = await readKnown(db, group.no, requests);
  const added: NewRecord[] = [];
  const outcomes = requests.map(({ records, authorEra }): AppendOutcome => {
    const state = { newestEra: group.era, authorEra, inGrace, recordBytes: group.settings.recordBytes };
    return { ...judgeRequest(records, state, known, group.seq, added), day };
  });
  if (added.length > 0) await writeRecords(db, group.no, day, added);
  return { outcomes, items: added.map(({ seq, record }) => ({ kind: "record", seq, day, ...record })) };
}

/** Stops at the first refusal. Takes the next `seq` for what is new, and notes it in `known` and `added`. */
function judgeRequest(
  records: readonly WireRecord[],
  state: AppendState,
  known: Map<string, KnownRecord>,
  seqBefore: number,
  added: NewRecord[],
): { readonly seqs: readonly number[]; readonly refusal: Refusal | null } {
  const seqs: number[] = [];
  for (const record of records) {
    const key = keyOf(record.recordId);
    const hash = (): Uint8Array => recordHash(record);
    const verdict = judgeAppend(record, known.get(key) ?? null, hash, state);
    if (verdict.kind === "refused") return { seqs, refusal: verdict.refusal };
    if (verdict.kind === "known") seqs.push(verdict.seq);
    else {
      const seq = seqBefore + added.length + 1;
      added.push({ seq, record });
      known.set(key, { seq, hash });
      seqs.push(seq);
    }
  }
  return { seqs, refusal: null };
}

async function readKnown(
  db: GroupTransaction,
  groupNo: number,
  requests: readonly AppendRequest[],
): Promise<Map<string, KnownRecord>> {
  const ids = requests.flatMap(({ records }) => records.map(({ recordId }) => Buffer.from(recordId)));
  const { rows } =
    await sql<ItemRow>`select seq, kind, day, chain_index, starts, era, record_id, topic, target, expires,
    body_hash, reason, sealed, command from log_item
    where group_no = ${groupNo} and record_id = any(${ids}::bytea[])`.execute(db);
  const known = new Map<string, KnownRecord>();
  for (const row of rows) {
    const hash = (): Uint8Array => recordHashOf(row) ?? new Uint8Array();
    if (row.record_id !== null) known.set(keyOf(row.record_id), { seq: row.seq, hash });
  }
  return known;
}

/** One statement for the items, their topics and the group's `seq`. */
async function writeRecords(
  db: GroupTransaction,
  groupNo: number,
  day: number,
  added: readonly NewRecord[],
): Promise<void> {
  const newest = added.at(-1)?.seq ?? 0;
  const items = added.map(
    ({ seq, record: { era, recordId, topic, target, expires, sealed } }) =>
      sql`(${seq}::bigint, ${era}::bigint, ${recordId}::bytea, ${topic}::bytea, ${target}::bytea, ${expires}::integer, ${sealed}::bytea)`,
  );
  await sql`with item as (
      insert into log_item (group_no, kind, day, seq, era, record_id, topic, target, expires, sealed)
      select ${groupNo}::integer, ${itemKinds.record}::smallint, ${day}::integer, added.*
      from (values ${sql.join(items)}) as added
    )${topicsOf(groupNo, added)}
    update working_group set seq = ${newest} where no = ${groupNo}`.execute(db);
}

function topicsOf(groupNo: number, added: readonly NewRecord[]) {
  const byTopic = new Map<string, { topic: Uint8Array; records: number; first: number; newest: number }>();
  for (const { seq, record } of added) {
    if (record.topic === null) continue;
    const key = keyOf(record.topic);
    const entry = byTopic.get(key) ?? { topic: record.topic, records: 0, first: seq, newest: seq };
    byTopic.set(key, { ...entry, records: entry.records + 1, newest: seq });
  }
  if (byTopic.size === 0) return sql``;
  const rows = [...byTopic.values()].map(
    ({ topic, records, first, newest }) =>
      sql`(${groupNo}::integer, ${topic}::bytea, ${records}::bigint, ${first}::bigint, ${newest}::bigint)`,
  );
  return sql`, topic as (
      insert into group_topic (group_no, topic, records, first_seq, newest_seq) values ${sql.join(rows)}
      on conflict (group_no, topic) do update
      set records = group_topic.records + excluded.records, newest_seq = excluded.newest_seq
    )`;
}
