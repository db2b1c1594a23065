import type { Generated } from "kysely";

/** Tables of groups, their log and their boxes, columns as in the database. Ids, keys and hashes are `bytea`. */
export interface GroupTables {
  working_group: WorkingGroupRow;
  group_era: GroupEraRow;
  group_steward: GroupStewardRow;
  log_item: LogItemRow;
  group_topic: GroupTopicRow;
  group_box: GroupBoxRow;
  era_link: EraLinkRow;
}

export interface WorkingGroupRow {
  /** Stands for `id` in the other tables. */
  readonly no: Generated<number>;
  readonly id: Uint8Array;
  /** The newest era. */
  readonly era: number;
  /** The newest `seq` of the log. */
  readonly seq: number;
  /** The newest index of the chain. */
  readonly head_index: number;
  /** JSON of the limits a steward has set. */
  readonly limits: Generated<string>;
  /** The day that `entries_on_day` counts: entries without a steward's signature. */
  readonly entries_day: Generated<number>;
  readonly entries_on_day: Generated<number>;
  /** Nothing but this row is left of a deleted group, so that its id is never given out again. */
  readonly deleted: Generated<boolean>;
}

export interface GroupEraRow {
  readonly group_no: number;
  readonly era: number;
  readonly pass: Uint8Array;
  readonly label_key: Uint8Array;
  /** The entry that started it. */
  readonly start_seq: number;
  readonly start_day: number;
  readonly boxes_kept: boolean;
  /** Boxes held without a steward's signature. */
  readonly unsigned_boxes: Generated<number>;
}

/** Keys that are no longer listed stay, with their counters: a command is never taken twice. */
export interface GroupStewardRow {
  readonly group_no: number;
  readonly key: Uint8Array;
  /** The greatest counter of a command taken from this key. */
  readonly counter: number;
  readonly listed: boolean;
}

/** What a log item's `kind` column says. */
export const itemKinds = { entry: 1, record: 2, tombstone: 3, command: 4 } as const;
/** What a tombstone's `reason` column says. */
export const tombstoneReasonNumbers = { erased: 1, expired: 2, cut: 3 } as const;

export interface LogItemRow {
  readonly group_no: number;
  readonly seq: number;
  readonly kind: number;
  readonly day: number;
  readonly chain_index: number | null;
  readonly starts: number | null;
  readonly era: number | null;
  readonly record_id: Uint8Array | null;
  readonly topic: Uint8Array | null;
  readonly target: Uint8Array | null;
  readonly expires: number | null;
  /** Of a tombstone. */
  readonly body_hash: Uint8Array | null;
  readonly reason: number | null;
  /** Whose command this item came with, and its counter; of a tombstone, null. */
  readonly steward_key: Uint8Array | null;
  readonly counter: number | null;
  /** An entry's sealed text; a record's stub and body; of a tombstone the stub alone. */
  readonly sealed: Uint8Array | null;
  readonly command: Uint8Array | null;
}

/** Follows from the log; kept so that the topics of a large group can be paged by activity. */
export interface GroupTopicRow {
  readonly group_no: number;
  readonly topic: Uint8Array;
  readonly records: number;
  readonly first_seq: number;
  readonly newest_seq: number;
}

export interface GroupBoxRow {
  readonly group_no: number;
  readonly label: Uint8Array;
  /** Order of arrival under the label. */
  readonly place: number;
  readonly era: number;
  readonly hash: Uint8Array;
  /** Whose own place it stands in; null: one of the places for anybody. */
  readonly steward_key: Uint8Array | null;
  readonly box: Uint8Array;
}

export interface EraLinkRow {
  readonly group_no: number;
  readonly era: number;
  readonly place: number;
  readonly hash: Uint8Array;
  readonly steward_key: Uint8Array | null;
  readonly chain: Uint8Array;
  readonly content: Uint8Array | null;
}
