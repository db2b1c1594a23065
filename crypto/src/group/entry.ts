import { bytes, list, nullable, structure, time, uint, type ValueOf } from "../primitives/encoding.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { open, seal, SEAL_NONCE_BYTES } from "../primitives/seal.ts";
import { pad, unpad } from "../primitives/padding.ts";
import { type Signed, encodeSigned, parseSigned } from "../primitives/signed.ts";
import { type SigningKeyPair, signStructure } from "../primitives/sign.ts";
import type { Random } from "../primitives/bytes.ts";
import { type EntryWire, entryHeader, type SealedEntry } from "./entry-wire.ts";
import { MAX_ENTRY_ITEMS, MAX_OPERATIONS, MAX_SEALED_ENTRY_BYTES } from "./limits.ts";
import { operationCodec, statementsCodec } from "./operations.ts";

/**
 * What an entry's device signs (protocol section 5): CBOR `["unionhall/v1/entry", group id (32; null in the first),
 * index, previous hash (32), era, operations (1 to 64), author (32), device (32), statements, time]`.
 */
export const entryStructure = structure(
  "entry",
  MAX_SEALED_ENTRY_BYTES,
  {
    groupId: nullable(bytes(32)),
    index: uint(),
    /** Hash of the item before; 32 zero bytes in the first. */
    previousHash: bytes(32),
    /** The era under which it is sealed. */
    era: uint(),
    operations: list(operationCodec, { min: 1, max: MAX_OPERATIONS }),
    /** Identity key. */
    author: bytes(32),
    /** Signing key of the device that signs. */
    device: bytes(32),
    /** Of the author, where the state does not yet certify the device. They serve this entry alone (the first one's are kept). */
    statements: statementsCodec,
    /** By the author's clock. */
    time: time(),
  },
  MAX_ENTRY_ITEMS,
);
export type Entry = ValueOf<typeof entryStructure>;

/** The previous hash of a first entry. */
export const NO_PREVIOUS_HASH: Uint8Array = new Uint8Array(32);

/** Signs an entry with its device's key pair. */
export function signEntry(entry: Entry, device: SigningKeyPair): Signed<Entry> {
  return signStructure(entryStructure, entry, device);
}

/** The number of the era that an entry starts; null where it starts none. */
export function startedEraOf(entry: Entry): number | null {
  const last = entry.operations.at(-1);
  return last?.kind === "era" ? last.number : null;
}

/**
 * Group id (32 bytes) of a first entry: `BLAKE2b-256(CBOR ["unionhall/v1/group-id", signed plaintext])`, where the
 * signed plaintext is CBOR `[payload, signature]`: signed by nobody else, and in no second way.
 */
export function groupIdOf(firstEntry: Signed<Entry>): Uint8Array {
  return labelledHash("group-id", encodeSigned(firstEntry));
}

/** The key of one entry: `KDF(chain key, "entry", index)`. */
export function entryKey(chainKey: Uint8Array, index: number): Uint8Array {
  return deriveKey(chainKey, "entry-key", index);
}

/**
 * Seals a signed entry under the chain key (32) of its era, padded. The nonce is random: two facilitators may seal
 * different entries for one index.
 */
export function sealEntry(
  signed: Signed<Entry>,
  groupId: Uint8Array,
  chainKey: Uint8Array,
  random: Random,
): SealedEntry {
  const { index, era } = signed.value;
  const wire: EntryWire = { groupId, index, era, startsEra: startedEraOf(signed.value) };
  const key = entryKey(chainKey, index);
  return { ...wire, sealed: seal(pad(encodeSigned(signed)), entryHeader(wire), key, random(SEAL_NONCE_BYTES)) };
}

/**
 * Opens a sealed entry without judging it. The signature is not verified.
 *
 * @throws {OpenError} when it is not sealed under this chain key (32) with these wire fields
 */
export function openEntry(sealed: SealedEntry, chainKey: Uint8Array): Uint8Array {
  return open(sealed.sealed, entryHeader(sealed), entryKey(chainKey, sealed.index));
}

/** Reads what {@link openEntry} gave. @throws {EncodingError} */
export function parseEntry(opened: Uint8Array): Signed<Entry> {
  return parseSigned(entryStructure, unpad(opened));
}
