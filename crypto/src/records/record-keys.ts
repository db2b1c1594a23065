/** Which key opens which half of a record, and what is derived with it (protocol section 6). */
import { bytes, type Data, day, encode, nullable, type Structure, structure, uint } from "../primitives/encoding.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { SEAL_NONCE_BYTES } from "../primitives/seal.ts";
import { RECORD_ID_BYTES, type RecordFields } from "./record-wire.ts";

/** What a member holds of the era in which a record is sealed. */
export interface RecordKeys {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** 32 bytes: the chain key of the record's era. */
  readonly chainKey: Uint8Array;
  /** 32 bytes: the content key of the record's era; null where one came in later or it was cut. */
  readonly contentKey: Uint8Array | null;
  /** 32 bytes: the chain key of era 0, from which the targets of state come. */
  readonly firstChainKey: Uint8Array;
}

const header: Structure<RecordFields & { readonly groupId: Uint8Array }> = structure("record-header", 256, {
  recordId: bytes(RECORD_ID_BYTES),
  topic: nullable(bytes(RECORD_ID_BYTES)),
  target: nullable(bytes(RECORD_ID_BYTES)),
  era: uint(),
  expires: nullable(day()),
  groupId: bytes(32),
});

/** The additional data of both halves: wire fields ‖ group id. */
export function recordHeader(fields: RecordFields, groupId: Uint8Array): Uint8Array {
  return encode(header, { ...fields, groupId });
}

/** First 16 bytes of BLAKE2b(group id ‖ device ‖ salt): nobody can take the id of another's record. */
export function recordIdOf(groupId: Uint8Array, device: Uint8Array, salt: Uint8Array): Uint8Array {
  return labelledHash("record-id", groupId, device, salt).slice(0, RECORD_ID_BYTES);
}

/** The id (16 bytes) under which a piece of state is found: of what kind, and of whom or what (`pieceOf`). */
export function stateTarget(firstChainKey: Uint8Array, kind: string, piece: readonly Data[]): Uint8Array {
  return deriveKey(firstChainKey, "target", kind, ...piece).slice(0, RECORD_ID_BYTES);
}

export function stubKey(chainKey: Uint8Array, recordId: Uint8Array): Uint8Array {
  return deriveKey(chainKey, "stub-key", recordId);
}

/** The key of the body: under the chain key for state, under the content key for everything else. Null without it. */
export function bodyKey(keys: RecordKeys, state: boolean, recordId: Uint8Array): Uint8Array | null {
  if (state) return deriveKey(keys.chainKey, "state-body-key", recordId);
  return keys.contentKey === null ? null : deriveKey(keys.contentKey, "body-key", recordId);
}

/**
 * The nonce of a half: from its key and content. So the same signed content is sealed to the same bytes, and another
 * member cannot seal it a second time in a way that readers accept.
 */
export function recordNonce(key: Uint8Array, half: "stub" | "body", content: Uint8Array): Uint8Array {
  return deriveKey(key, `${half}-nonce`, content).slice(0, SEAL_NONCE_BYTES);
}
