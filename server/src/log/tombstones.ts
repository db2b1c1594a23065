import { recordBodyHash, STUB_BYTES } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import type { GroupReader, GroupTransaction } from "../groups/group-store.ts";
import { itemKinds, tombstoneReasonNumbers } from "../groups/group-tables.ts";
import { type ItemRow, recordHashOf } from "./log-items.ts";

/** Puts a tombstone in the record's place; what is a tombstone already keeps its own. False where there is no such record with this hash. */
export async function eraseRecord(
  db: GroupTransaction,
  groupNo: number,
  { recordId, recordHash }: { readonly recordId: Uint8Array; readonly recordHash: Uint8Array },
  command: Uint8Array,
): Promise<boolean> {
  const { rows } = await sql<ItemRow>`select * from log_item
    where group_no = ${groupNo} and record_id = ${recordId}`.execute(db);
  const [row] = rows;
  const hash = row === undefined ? null : recordHashOf(row);
  if (row === undefined || hash === null || Buffer.compare(hash, recordHash) !== 0) return false;
  if (row.kind === itemKinds.record) await bury(db, groupNo, [row], { reason: tombstoneReasonNumbers.erased, command });
  return true;
}

type BuriedRow = Pick<ItemRow, "seq" | "sealed">;

interface Epitaph {
  readonly reason: number;
  readonly command: Uint8Array | null;
}

/** Takes the bodies of these records away; wire fields, stub and the body's hash stay. */
async function bury(
  db: GroupTransaction,
  groupNo: number,
  rows: readonly BuriedRow[],
  { reason, command }: Epitaph,
): Promise<void> {
  if (rows.length === 0) return;
  const left = rows.map(({ seq, sealed }) => {
    const bytes = sealed ?? new Uint8Array();
    return sql`(${seq}::bigint, ${bytes.subarray(0, STUB_BYTES)}::bytea, ${recordBodyHash(bytes.subarray(STUB_BYTES))}::bytea)`;
  });
  await sql`update log_item set kind = ${itemKinds.tombstone}, reason = ${reason}, command = ${command},
      sealed = remains.stub, body_hash = remains.body_hash
    from (values ${sql.join(left)}) as remains (seq, stub, body_hash)
    where log_item.group_no = ${groupNo} and log_item.seq = remains.seq`.execute(db);
}

/** Records whose bodies one transaction takes away. */
const recordsAtOnce = 200;

/**
 * Takes away bodies of records of eras before `firstEraKept`, 200 at a time and upwards from `after`, except records of state (a target and no
 * topic), which stay readable for every newcomer. Where to go on, or null when none is left.
 */
export async function cutSome(
  db: GroupTransaction,
  groupNo: number,
  { day, firstEraKept }: { readonly day: number; readonly firstEraKept: number },
  command: Uint8Array,
  after: number,
): Promise<number | null> {
  const { rows } = await sql<BuriedRow>`select seq, sealed from log_item
    where group_no = ${groupNo} and seq > ${after} and kind = ${itemKinds.record} and era < ${firstEraKept}
    and day < ${day} and not (topic is null and target is not null) order by seq limit ${recordsAtOnce}`.execute(db);
  await bury(db, groupNo, rows, { reason: tombstoneReasonNumbers.cut, command });
  return rows.length < recordsAtOnce ? null : (rows.at(-1)?.seq ?? null);
}

/** Takes away bodies whose day has come, in any group, 200 at a time. True when none is left. */
export async function expireSome(db: GroupReader, today: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<BuriedRow & { readonly group_no: number }>`select group_no, seq, sealed from log_item
      where expires <= ${today} and kind = ${itemKinds.record} limit ${recordsAtOnce}
      for update skip locked`.execute(trx);
    const expired = { reason: tombstoneReasonNumbers.expired, command: null };
    for (const [groupNo, own] of Map.groupBy(rows, (row) => row.group_no)) await bury(trx, groupNo, own, expired);
    return rows.length < recordsAtOnce;
  });
}

/** The day of the youngest item before `startSeq`. */
export async function readNewestDayOfEras(db: GroupReader, groupNo: number, startSeq: number): Promise<number> {
  const { rows } = await sql<{ day: number }>`select day from log_item
    where group_no = ${groupNo} and seq < ${startSeq} order by seq desc limit 1`.execute(db);
  return rows[0]?.day ?? 0;
}
