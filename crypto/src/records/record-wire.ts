/**
 * What the server sees of a record (protocol section 6): the wire fields and the sealed bytes, how they are hashed,
 * and nothing that opens them. The server imports this through `verify.ts`.
 */
import { bytes, type Codec, day, nullable, struct, uint } from "../primitives/encoding.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";

/** Bytes of the ids of records, topics and targets. */
export const RECORD_ID_BYTES = 16;
/** The longest `sealed` of a record: 64 KiB (protocol section 9). */
export const RECORD_MAX_SEALED_BYTES = 65_536;
/** Bytes of the sealed stub, which stands first in `sealed`: always the same, so that no number shows by its length. */
export const STUB_BYTES = 187;
/** The shortest body: 256 bytes of padded content and 72 of seal. */
export const RECORD_MIN_BODY_BYTES = 328;

/** The wire fields: where the record says it belongs, in the clear. */
export interface RecordFields {
  /** 16 bytes */
  readonly recordId: Uint8Array;
  /** 16 bytes: the topic it stands in */
  readonly topic: Uint8Array | null;
  /** 16 bytes: the record or the piece of state it hangs on */
  readonly target: Uint8Array | null;
  /** The era under whose keys it is sealed. */
  readonly era: number;
  /** The day from which the server drops the body. */
  readonly expires: number | null;
}

/** A whole record as it is sent and logged. */
export interface WireRecord extends RecordFields {
  /** stub (187) ‖ body (328 and more), at most 64 KiB */
  readonly sealed: Uint8Array;
}

/** What is left of an erased, expired or cut record; its hash is that of the whole one. */
export interface RecordRemnant extends RecordFields {
  /** 187 bytes */
  readonly stub: Uint8Array;
  /** 32 bytes: {@link recordBodyHash} */
  readonly bodyHash: Uint8Array;
}

const recordFields = {
  recordId: bytes(RECORD_ID_BYTES),
  topic: nullable(bytes(RECORD_ID_BYTES)),
  target: nullable(bytes(RECORD_ID_BYTES)),
  era: uint(),
  expires: nullable(day()),
} as const;

/** `[record id, topic, target, era, expires, sealed]`. */
export const wireRecord: Codec<WireRecord> = struct({
  ...recordFields,
  sealed: bytes({ min: STUB_BYTES + RECORD_MIN_BODY_BYTES, max: RECORD_MAX_SEALED_BYTES }),
});

/** `[record id, topic, target, era, expires, stub, hash of the body]`. */
export const recordRemnant: Codec<RecordRemnant> = struct({
  ...recordFields,
  stub: bytes(STUB_BYTES),
  bodyHash: bytes(32),
});

/** BLAKE2b of the sealed body (32 bytes): what a tombstone keeps of it. */
export function recordBodyHash(body: Uint8Array): Uint8Array {
  return labelledHash("record-body", body);
}

/** The record hash (32 bytes): BLAKE2b(wire fields ‖ stub ‖ BLAKE2b(body)); the same for the whole record and its remnant. */
export function remnantHash(remnant: RecordRemnant): Uint8Array {
  const { recordId, topic, target, era, expires, stub, bodyHash } = remnant;
  return labelledHash("record-hash", recordId, topic, target, era, expires, stub, bodyHash);
}

/** The record hash (32 bytes) of a whole record. */
export function recordHash(record: WireRecord): Uint8Array {
  return remnantHash(toRemnant(record));
}

/** What stays of a record when its body goes. `sealed` must not be shorter than a stub. */
export function toRemnant(record: WireRecord): RecordRemnant {
  const { recordId, topic, target, era, expires } = record;
  const { stub, body } = splitSealed(record.sealed);
  return { recordId, topic, target, era, expires, stub, bodyHash: recordBodyHash(body) };
}

/** The two halves of `sealed`, as views. */
export function splitSealed(sealed: Uint8Array): { readonly stub: Uint8Array; readonly body: Uint8Array } {
  return { stub: sealed.subarray(0, STUB_BYTES), body: sealed.subarray(STUB_BYTES) };
}
