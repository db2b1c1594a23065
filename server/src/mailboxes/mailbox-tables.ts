import type { Generated } from "kysely";

export interface MailboxTables {
  mailbox: MailboxRow;
  mailbox_item: MailboxItemRow;
}

export interface MailboxRow {
  /** 16 bytes, made by the client. */
  readonly id: Uint8Array;
  /** Ed25519: its signature over a challenge reads and deletes. */
  readonly read_key: Uint8Array;
  readonly write_token_hash: Uint8Array;
  /** The first day on which the mailbox is gone. */
  readonly expiry_day: number;
  readonly item_limit: number;
  readonly preview: Uint8Array | null;
  readonly next_seq: Generated<number>;
}

export interface MailboxItemRow {
  readonly mailbox_id: Uint8Array;
  /** Order of arrival in this mailbox: a cursor, never a time. */
  readonly seq: number;
  readonly sealed: Uint8Array;
  /** SHA-256 of the sealed bytes: the same item is kept once. */
  readonly digest: Uint8Array;
}
