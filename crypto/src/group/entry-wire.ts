import { bytes, encode, nullable, structure, uint, type ValueOf } from "../primitives/encoding.ts";
import { labelledHash } from "../primitives/labelled-hash.ts";
import { MAX_SEALED_ENTRY_BYTES } from "./limits.ts";

const wireFields = {
  /** 32 bytes */
  groupId: bytes(32),
  /** Place in the chain, from 0. */
  index: uint(),
  /** The era it is sealed under. */
  era: uint(),
  /** The era that begins after it; null where none does. */
  startsEra: nullable(uint()),
};

const headerStructure = structure("entry-header", 128, wireFields);

/** What an entry shows to the server, and the header under which it is sealed (protocol section 5). */
export type EntryWire = ValueOf<typeof headerStructure>;

/** An entry as the log holds it: wire fields and sealed text (at most 1 MiB, at least 72 bytes). */
export const sealedEntryStructure = structure("sealed-entry", MAX_SEALED_ENTRY_BYTES + 160, {
  ...wireFields,
  sealed: bytes({ max: MAX_SEALED_ENTRY_BYTES }),
});
export type SealedEntry = ValueOf<typeof sealedEntryStructure>;

/** The wire fields as they are bound to the sealed text: CBOR `["unionhall/v1/entry-header", group id, index, era, starts]`. */
export function entryHeader(wire: EntryWire): Uint8Array {
  return encode(headerStructure, wire);
}

/**
 * Hash of an entry (32 bytes): `BLAKE2b-256(CBOR ["unionhall/v1/entry-hash", group id, index, era, starts, sealed])`,
 * over its sealed bytes with its wire fields, as logged (protocol section 2). Void entries have one like any other.
 */
export function entryHash(entry: SealedEntry): Uint8Array {
  return labelledHash("entry-hash", entry.groupId, entry.index, entry.era, entry.startsEra, entry.sealed);
}
