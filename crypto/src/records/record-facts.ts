/**
 * What judging needs of a record, small enough to keep for every record of a group: no text, no keys, bytes as
 * lower-case hexadecimal. Clients store facts beside the records, so that nothing need be opened twice.
 */
import { verifyBareStatement } from "../account/statements.ts";
import { verifyStewardCommand } from "../group/steward-command.ts";
import { equalBytes, toHex } from "../primitives/bytes.ts";
import { EncodingError, SignatureError } from "../primitives/errors.ts";
import type { RecordBody } from "./kinds.ts";
import type { SignedContent, Stub } from "./record-content.ts";
import type { RecordKeys } from "./record-keys.ts";
import type { OpenedRecord, RecordRefusal } from "./record-types.ts";
import { openStub } from "./record.ts";
import { type RecordFields, type RecordRemnant, remnantHash } from "./record-wire.ts";

export interface RecordFacts {
  /** Record hash. */
  readonly hash: string;
  readonly recordId: string;
  readonly era: number;
  readonly topic: string | null;
  readonly target: string | null;
  readonly expires: number | null;
  /** Null where the stub did not open. */
  readonly stub: StubFacts | null;
  readonly body: BodyFacts;
  /**
   * Whether the server logged it after the entry that ended its era. The caller's to say, from the log's order;
   * it gives a mark and decides nothing.
   */
  readonly arrivedLate: boolean;
}

export interface StubFacts {
  readonly device: string;
  readonly number: number;
  readonly previousNumber: number;
  readonly previousHash: string;
  readonly headIndex: number;
}

export type BodyFacts =
  | OpenFacts
  /** Refused for what it is, whatever the chain says. */
  | { readonly kind: "refused"; readonly reason: RecordRefusal }
  /** The content key is not held. */
  | { readonly kind: "locked" }
  | NewerFacts
  /** The body is gone; `erasedBy` is the steward key of the signed command that came with it. */
  | { readonly kind: "gone"; readonly erasedBy: string | null };

/** Content that only a newer version reads, signed by the stub's device: whose it is, the chain must say. */
export interface NewerFacts {
  readonly kind: "newer-version";
}

/** Opened, and right in itself. */
export interface OpenFacts {
  readonly kind: "open";
  /** Identity key. */
  readonly author: string;
  /** The kind's name. */
  readonly recordKind: string;
  /** Whether this program knows the kind, in this version. */
  readonly known: boolean;
  /** Whether the body gives a title: tells the edit of a topic from that of a post. */
  readonly titled: boolean;
  /** Whether the record carries a statement by which its author certifies its device. */
  readonly certified: boolean;
  readonly headHash: string;
  /** Hashes of others' records that its author had seen. */
  readonly seen: readonly string[];
  readonly time: number;
}

/** The facts of a whole record, as {@link openRecord} found it. */
export function factsOfRecord(fields: RecordFields, opened: OpenedRecord, arrivedLate: boolean): RecordFacts {
  return { ...fieldFacts(fields, opened.hash, opened.stub), body: bodyFacts(opened), arrivedLate };
}

/**
 * The facts of what is left of a record; group id and chain key 32 bytes. `erasure` is the steward's signed command
 * (at most 256 KiB and 72 bytes) that the server gives with a tombstone; one that is not about this record in this
 * group counts as none.
 */
export function factsOfRemnant(
  remnant: RecordRemnant,
  keys: Pick<RecordKeys, "groupId" | "chainKey">,
  erasure: Uint8Array | null,
): RecordFacts {
  const hash = remnantHash(remnant);
  const opened = openStub(remnant, remnant.stub, keys);
  const erasedBy = erasure === null ? null : eraserOf(erasure, keys.groupId, remnant.recordId, hash);
  return {
    ...fieldFacts(remnant, hash, opened.kind === "opened" ? opened.stub : null),
    body: { kind: "gone", erasedBy: erasedBy === null ? null : toHex(erasedBy) },
    arrivedLate: false,
  };
}

function fieldFacts(
  fields: RecordFields,
  hash: Uint8Array,
  stub: Stub | null,
): Omit<RecordFacts, "body" | "arrivedLate"> {
  return {
    hash: toHex(hash),
    recordId: toHex(fields.recordId),
    era: fields.era,
    topic: fields.topic === null ? null : toHex(fields.topic),
    target: fields.target === null ? null : toHex(fields.target),
    expires: fields.expires,
    stub: stub === null ? null : stubFacts(stub),
  };
}

function stubFacts({ device, number, previousNumber, previousHash, headIndex }: Stub): StubFacts {
  return { device: toHex(device), number, previousNumber, previousHash: toHex(previousHash), headIndex };
}

function bodyFacts(opened: OpenedRecord): BodyFacts {
  if (opened.kind === "opened") return openFacts(opened.content, opened.body);
  return opened.kind === "refused" ? { kind: "refused", reason: opened.reason } : { kind: opened.kind };
}

function openFacts(content: SignedContent, body: RecordBody): OpenFacts {
  return {
    kind: "open",
    author: toHex(content.author),
    recordKind: content.kind,
    known: body.kind !== "unknown",
    titled: "title" in body && body.title !== null,
    certified: certifiesItsDevice(content),
    headHash: toHex(content.head.hash),
    seen: content.seen.map(toHex),
    time: content.time,
  };
}

function certifiesItsDevice({ statement, author, device }: SignedContent): boolean {
  if (statement === null) return false;
  const verdict = verifyBareStatement(statement);
  if (verdict.kind === "refused") return false;
  const { identityKey, fact } = verdict.statement;
  return fact.kind === "device" && equalBytes(identityKey, author) && equalBytes(fact.signingKey, device);
}

function eraserOf(
  erasure: Uint8Array,
  groupId: Uint8Array,
  recordId: Uint8Array,
  recordHash: Uint8Array,
): Uint8Array | null {
  try {
    const { operation, stewardKey, groupId: group } = verifyStewardCommand(erasure);
    const isAboutIt =
      operation.kind === "erase" &&
      equalBytes(group, groupId) &&
      equalBytes(operation.recordId, recordId) &&
      equalBytes(operation.recordHash, recordHash);
    return isAboutIt ? stewardKey : null;
  } catch (error) {
    if (error instanceof EncodingError || error instanceof SignatureError) return null;
    throw error;
  }
}
