/** The two things inside a record: the stub (who, in what order) and the signed content (what, and where it belongs). */
import {
  bool,
  bytes,
  type Codec,
  day,
  mapped,
  nullable,
  sortedSet,
  struct,
  type Structure,
  structure,
  text,
  time,
  uint,
  where,
} from "../primitives/encoding.ts";
import { EncodingError } from "../primitives/errors.ts";
import { paddedLength } from "../primitives/padding.ts";
import { SEAL_OVERHEAD_BYTES } from "../primitives/seal.ts";
import { SIGNED_OVERHEAD_BYTES } from "../primitives/signed.ts";
import { statementStructure } from "../account/statements.ts";
import type { Head } from "../group/group-state.ts";
import { RECORD_ID_BYTES, RECORD_MAX_SEALED_BYTES, type RecordFields, STUB_BYTES } from "./record-wire.ts";

/** The device's last acknowledged record in this group, or number 0 with a hash of 32 zero bytes for its first. */
export interface Previous {
  readonly number: number;
  /** 32 bytes */
  readonly hash: Uint8Array;
}

/** What a device's first record names as its previous one. */
export const NO_PREVIOUS: Previous = { number: 0, hash: new Uint8Array(32) };

/** Who and in what order: readable to everybody with the chain key, kept for ever. */
export interface Stub {
  /** 32 bytes: the device's signing key */
  readonly device: Uint8Array;
  /** From 1, growing per device and group. */
  readonly number: number;
  readonly previousNumber: number;
  /** 32 bytes */
  readonly previousHash: Uint8Array;
  readonly headIndex: number;
  /** Whether the body is a piece of state, sealed under the chain key. */
  readonly state: boolean;
}

/** Everything a record's author signs (protocol section 6). */
export interface SignedContent extends RecordFields {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** As in the stub. */
  readonly state: boolean;
  /** The kind's name; also of kinds that only a newer version knows. */
  readonly kind: string;
  /** The kind's own structure, encoded (`kinds.ts`). */
  readonly body: Uint8Array;
  /** 32 bytes: identity key */
  readonly author: Uint8Array;
  /** 32 bytes: the signing key of the device that signs this */
  readonly device: Uint8Array;
  /** The device's certifying statement (`bareStatement`, at most 584 bytes), null where the group's state at the head has it already. */
  readonly statement: Uint8Array | null;
  readonly number: number;
  readonly previous: Previous;
  /** Hashes (32 bytes each) of the newest records seen from others, up to 4, sorted. */
  readonly seen: readonly Uint8Array[];
  /** The last chain item that the author had processed. */
  readonly head: Head;
  /** Of the author's vault; tells an old copy after recovery. */
  readonly vaultVersion: number;
  readonly time: number;
  /** 16 random bytes, from which the record id is made. */
  readonly salt: Uint8Array;
}

/** How many records of others a record may name as seen. */
export const SEEN_MAX = 4;
/** The longest device statement a record carries: a bare one, `[payload, signature]`. */
const STATEMENT_MAX_BYTES = statementStructure.maxBytes + SIGNED_OVERHEAD_BYTES;
/** The longest name of a kind. */
const KIND_MAX_BYTES = 32;
/** Bytes of the salt. */
const SALT_BYTES = 16;

/** The longest signed content, as `[payload, signature]`, whose padding and seal still fit in 64 KiB. */
export const SIGNED_CONTENT_MAX_BYTES: number = longestPaddable(
  RECORD_MAX_SEALED_BYTES - STUB_BYTES - SEAL_OVERHEAD_BYTES,
);

/** What `[payload, signature]` adds to a payload of this size: array 1, bytes 3, signature 2 + 64. */
const SIGNATURE_FORM_BYTES = 70;

function longestPaddable(room: number): number {
  let length = room;
  while (paddedLength(length) > room) length--;
  return length;
}

/** Eight bytes whatever the number: nobody's place in the order, nor how often they wrote, shows in a length. */
const fixedUint: Codec<number> = mapped(
  bytes(8),
  (encoded) => {
    const value = Number(new DataView(encoded.buffer, encoded.byteOffset, 8).getBigUint64(0));
    if (!Number.isSafeInteger(value)) throw new EncodingError("wrong-shape");
    return value;
  },
  (value) => {
    if (!Number.isSafeInteger(value) || value < 0) throw new EncodingError("wrong-shape");
    const encoded = new Uint8Array(8);
    new DataView(encoded.buffer).setBigUint64(0, BigInt(value));
    return encoded;
  },
);

/** 115 bytes, always: {@link STUB_BYTES} without the seal. */
export const stubStructure: Structure<Stub> = structure("stub", 128, {
  device: bytes(32),
  number: fixedUint,
  previousNumber: fixedUint,
  previousHash: bytes(32),
  headIndex: fixedUint,
  state: bool(),
});

/** The signed content without its signature. */
export const contentStructure: Structure<SignedContent> = structure(
  "content",
  SIGNED_CONTENT_MAX_BYTES - SIGNATURE_FORM_BYTES,
  {
    groupId: bytes(32),
    recordId: bytes(RECORD_ID_BYTES),
    topic: nullable(bytes(RECORD_ID_BYTES)),
    target: nullable(bytes(RECORD_ID_BYTES)),
    era: uint(),
    expires: nullable(day()),
    state: bool(),
    kind: where(text({ minBytes: 1, maxBytes: KIND_MAX_BYTES }), (kind) => /^[a-z0-9-]+$/.test(kind)),
    body: bytes({ max: RECORD_MAX_SEALED_BYTES }),
    author: bytes(32),
    device: bytes(32),
    statement: nullable(bytes({ min: 1, max: STATEMENT_MAX_BYTES })),
    number: where(fixedUint, (number) => number > 0),
    previous: struct({ number: fixedUint, hash: bytes(32) }),
    seen: sortedSet(bytes(32), { max: SEEN_MAX }),
    head: struct({ index: fixedUint, hash: bytes(32) }),
    vaultVersion: fixedUint,
    time: time(),
    salt: bytes(SALT_BYTES),
  },
);
