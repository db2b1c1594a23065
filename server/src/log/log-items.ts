import { anyData, encodeWithin, recordHash, remnantHash } from "@unionhall/crypto/verify";
import type { TSchema, Static } from "typebox";
import { groupLimits } from "../contract/group-limits.ts";
import type { LogItem, TombstoneReason } from "../contract/log.ts";
import { toWire } from "../contract/wire.ts";
import { itemKinds, type LogItemRow, tombstoneReasonNumbers } from "../groups/group-tables.ts";

/** The columns an item is made from. */
export type ItemRow = Pick<
  LogItemRow,
  | "seq"
  | "kind"
  | "day"
  | "chain_index"
  | "starts"
  | "era"
  | "record_id"
  | "topic"
  | "target"
  | "expires"
  | "body_hash"
  | "reason"
  | "sealed"
  | "command"
>;

/** A row does not hold what its kind needs: the database was changed by something else than this program. */
class BrokenRowError extends Error {
  override readonly name = "BrokenRowError";
}

function present<T>(value: T | null): T {
  if (value === null) throw new BrokenRowError("a log item lacks a column of its kind");
  return value;
}

export function itemOf(row: ItemRow): LogItem {
  const place = { seq: row.seq, day: row.day };
  switch (row.kind) {
    case itemKinds.entry:
      return {
        kind: "entry",
        ...place,
        index: present(row.chain_index),
        era: present(row.era),
        starts: row.starts,
        sealed: present(row.sealed),
        command: row.command,
      };
    case itemKinds.record:
      return { kind: "record", ...place, ...fieldsOf(row), sealed: present(row.sealed) };
    case itemKinds.tombstone:
      return {
        kind: "tombstone",
        ...place,
        ...fieldsOf(row),
        stub: present(row.sealed),
        bodyHash: present(row.body_hash),
        reason: reasonOf(present(row.reason)),
        command: row.command,
      };
    case itemKinds.command:
      return { kind: "command", ...place, command: present(row.command) };
    default:
      throw new BrokenRowError("a log item is of no known kind");
  }
}

function fieldsOf(row: ItemRow) {
  return {
    recordId: present(row.record_id),
    topic: row.topic,
    target: row.target,
    era: present(row.era),
    expires: row.expires,
  };
}

function reasonOf(number: number): TombstoneReason {
  switch (number) {
    case tombstoneReasonNumbers.erased:
      return "erased";
    case tombstoneReasonNumbers.expired:
      return "expired";
    case tombstoneReasonNumbers.cut:
      return "cut";
    default:
      throw new BrokenRowError("a tombstone has no known reason");
  }
}

/** Hash (32) of the record in this row, the same before and after its body went; null for what is no record. */
export function recordHashOf(row: ItemRow): Uint8Array | null {
  if (row.kind === itemKinds.record) return recordHash({ ...fieldsOf(row), sealed: present(row.sealed) });
  if (row.kind !== itemKinds.tombstone) return null;
  return remnantHash({ ...fieldsOf(row), stub: present(row.sealed), bodyHash: present(row.body_hash) });
}

/** A structure of the contract as CBOR. */
export function encodeStructure<const S extends TSchema>(schema: S, value: Static<S>): Uint8Array {
  return encodeWithin(anyData(), toWire(schema, value), encodedBytes, groupLimits.itemsPerAnswer);
}

/** No answer grows beyond this: a page, a batch of boxes, the news of one transaction. */
const encodedBytes = 4 * groupLimits.frameBytes;
