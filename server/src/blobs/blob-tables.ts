import type { Generated } from "kysely";

export interface BlobTables {
  blob: BlobRow;
  blob_chunk: BlobChunkRow;
}

export interface BlobRow {
  readonly group_no: number;
  /** 16 bytes, made by the client. */
  readonly id: Uint8Array;
  /** Of all chunks together. */
  readonly bytes: number;
  readonly chunks: number;
  /** Chunks that have not come yet. */
  readonly missing: number;
  /** The newest era, and the day, when it was begun or its newest chunk came. */
  readonly era: number;
  readonly day: number;
  /** The first day on which it is gone. */
  readonly expiry_day: number | null;
  /** Nothing but this row is left of an erased blob, so that nobody brings it back under its id. */
  readonly erased: Generated<boolean>;
}

export interface BlobChunkRow {
  readonly group_no: number;
  readonly blob_id: Uint8Array;
  /** From 0. */
  readonly place: number;
  readonly sealed: Uint8Array;
}
