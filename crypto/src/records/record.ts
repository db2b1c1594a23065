/**
 * Sealing and opening a record: `stub ‖ body` (protocol section 6). What is checked here needs nothing but the record
 * and the keys; whether it counts is `judge-record.ts`.
 */
import { concat, equalBytes } from "../primitives/bytes.ts";
import { decode, encode } from "../primitives/encoding.ts";
import { EncodingError, OpenError } from "../primitives/errors.ts";
import { pad, unpad } from "../primitives/padding.ts";
import { open, seal, SEAL_NONCE_BYTES } from "../primitives/seal.ts";
import { type SigningKeyPair, signStructure } from "../primitives/sign.ts";
import { encodeSigned, isSignedBy, readSigned, type Signed } from "../primitives/signed.ts";
import { decodeBody, encodeBody, pieceOf, placeOfKind } from "./kinds.ts";
import {
  contentStructure,
  NO_PREVIOUS,
  SIGNED_CONTENT_MAX_BYTES,
  type SignedContent,
  type Stub,
  stubStructure,
} from "./record-content.ts";
import { identityRefusal, placeRefusal, stubOf } from "./record-content-rules.ts";
import {
  bodyKey,
  recordHeader,
  recordIdOf,
  type RecordKeys,
  recordNonce,
  stateTarget,
  stubKey,
} from "./record-keys.ts";
import type {
  OpenedRecord,
  OpenedStub,
  RecordDraft,
  RecordRefusal,
  SealedRecord,
  SealRefusal,
} from "./record-types.ts";
import {
  RECORD_MAX_SEALED_BYTES,
  RECORD_MIN_BODY_BYTES,
  type RecordFields,
  recordHash,
  splitSealed,
  STUB_BYTES,
  type WireRecord,
} from "./record-wire.ts";

/**
 * Signs, pads and seals a record. The same draft gives the same bytes.
 *
 * `keys` are those of the draft's era. A record that was refused because its era ended is sealed again with the same
 * salt, the next number and the new era's keys.
 */
export function sealRecord(draft: RecordDraft, device: SigningKeyPair, keys: RecordKeys): SealedRecord {
  try {
    const content = contentOf(draft, device.publicKey, keys);
    const misplaced = placeRefusal(content, draft.body, keys.firstChainKey);
    if (misplaced !== null) return { kind: "refused", reason: misplaced };
    const record = sealContent(signStructure(contentStructure, content, device), keys);
    return record === null
      ? { kind: "refused", reason: "no-content-key" }
      : { kind: "sealed", record, hash: recordHash(record), content };
  } catch (error) {
    return { kind: "refused", reason: sealRefusal(error) };
  }
}

/**
 * How many UTF-8 bytes of text this draft has room for: its `text` may be that long and not one byte longer. For
 * kinds with a text (`topic`, `post`, `edit`, `draft`); the text that stands in the draft does not matter.
 *
 * @throws {EncodingError} when another field of the draft is outside its limits
 */
export function roomForText(draft: RecordDraft, keys: Pick<RecordKeys, "groupId" | "firstChainKey">): number {
  if (!("text" in draft.body)) throw new EncodingError("wrong-shape");
  // Between 256 and 65,535 bytes the heads before text, body and payload have one length, so one trial tells all.
  const body = { ...draft.body, text: "x".repeat(TRIAL_TEXT_BYTES) };
  const content = contentOf({ ...draft, body }, new Uint8Array(32), keys);
  const signed = { payload: encode(contentStructure, content), signature: new Uint8Array(64) };
  return TRIAL_TEXT_BYTES + SIGNED_CONTENT_MAX_BYTES - encodeSigned(signed).length;
}

const TRIAL_TEXT_BYTES = 16_384;

/**
 * Opens the stub alone ({@link STUB_BYTES}, else `malformed`): all that newcomers have of older records, and everybody
 * of erased and expired ones. Group id and chain key 32 bytes.
 */
export function openStub(
  fields: RecordFields,
  stub: Uint8Array,
  keys: Pick<RecordKeys, "groupId" | "chainKey">,
): OpenedStub {
  if (stub.length !== STUB_BYTES) return { kind: "refused", reason: "malformed" };
  try {
    const key = stubKey(keys.chainKey, fields.recordId);
    const content = open(stub, recordHeader(fields, keys.groupId), key);
    if (!isOwnNonce(stub, recordNonce(key, "stub", content))) return { kind: "refused", reason: "forged" };
    return { kind: "opened", stub: decode(stubStructure, content) };
  } catch (error) {
    if (error instanceof OpenError) return { kind: "refused", reason: "forged" };
    if (error instanceof EncodingError) return { kind: "refused", reason: "malformed" };
    throw error;
  }
}

/**
 * Opens a record under the keys of its era and checks all that it says about itself: seal, form, signature by its
 * device, place, id, and the key its kind must be under.
 */
export function openRecord(record: WireRecord, keys: RecordKeys): OpenedRecord {
  const hash = recordHash(record);
  const refused = (reason: RecordRefusal, stub: Stub | null): OpenedRecord => ({ kind: "refused", hash, stub, reason });
  if (record.sealed.length > RECORD_MAX_SEALED_BYTES) return refused("too-large", null);
  if (record.sealed.length < STUB_BYTES + RECORD_MIN_BODY_BYTES) return refused("malformed", null);
  const halves = splitSealed(record.sealed);
  const opened = openStub(record, halves.stub, keys);
  if (opened.kind === "refused") return refused(opened.reason === "forged" ? "stub-forged" : "malformed", null);
  return openWithStub(record, opened.stub, halves.body, keys, hash);
}

function openWithStub(
  fields: RecordFields,
  stub: Stub,
  sealedBody: Uint8Array,
  keys: RecordKeys,
  hash: Uint8Array,
): OpenedRecord {
  const refused = (reason: RecordRefusal): OpenedRecord => ({ kind: "refused", hash, stub, reason });
  const key = bodyKey(keys, stub.state, fields.recordId);
  if (key === null) return { kind: "locked", hash, stub };
  try {
    const wire = unpad(open(sealedBody, recordHeader(fields, keys.groupId), key));
    if (!isOwnNonce(sealedBody, recordNonce(key, "body", wire))) return refused("sealed-otherwise");
    const signed = readSigned(wire, contentStructure.maxBytes);
    if (!isSignedBy(signed, stub.device)) return refused("bad-signature");
    const content = decode(contentStructure, signed.payload);
    const moved = identityRefusal(fields, stub, content, keys.groupId);
    if (moved !== null) return refused(moved);
    const body = decodeBody(content.kind, content.body);
    const misplaced = placeRefusal(content, body, keys.firstChainKey);
    return misplaced === null ? { kind: "opened", hash, stub, content, body } : refused(misplaced);
  } catch (error) {
    if (error instanceof OpenError) return refused("body-forged");
    if (!(error instanceof EncodingError)) throw error;
    return error.reason === "unknown-version" ? { kind: "newer-version", hash, stub } : refused("malformed");
  }
}

function contentOf(
  draft: RecordDraft,
  device: Uint8Array,
  keys: Pick<RecordKeys, "groupId" | "firstChainKey">,
): SignedContent {
  const recordId = recordIdOf(keys.groupId, device, draft.salt);
  const place = draft.body.kind === "unknown" ? null : placeOfKind(draft.body.kind);
  const piece = pieceOf(draft.body, draft.author);
  return {
    groupId: keys.groupId,
    recordId,
    topic: place?.topic === "own" ? recordId : draft.topic,
    target: piece === null ? draft.target : stateTarget(keys.firstChainKey, draft.body.kind, piece),
    era: draft.era,
    expires: draft.expires,
    state: place?.state ?? false,
    ...encodeBody(draft.body),
    author: draft.author,
    device,
    statement: draft.statement,
    number: draft.number,
    previous: draft.previous ?? NO_PREVIOUS,
    seen: draft.seen,
    head: draft.head,
    vaultVersion: draft.vaultVersion,
    time: draft.time,
    salt: draft.salt,
  };
}

/**
 * Seals what is signed already, without asking whether it makes sense. Null when the content key is not held.
 *
 * @throws {EncodingError} `too-large`
 */
export function sealSignedContent(
  fields: RecordFields,
  stub: Stub,
  signed: Signed<unknown>,
  keys: RecordKeys,
): WireRecord | null {
  const { recordId, topic, target, era, expires } = fields;
  const header = recordHeader(fields, keys.groupId);
  const key = bodyKey(keys, stub.state, recordId);
  if (key === null) return null;
  const wire = encodeSigned(signed);
  const body = seal(pad(wire), header, key, recordNonce(key, "body", wire));
  const ownStubKey = stubKey(keys.chainKey, recordId);
  const stubBytes = encode(stubStructure, stub);
  const sealed = concat(seal(stubBytes, header, ownStubKey, recordNonce(ownStubKey, "stub", stubBytes)), body);
  if (sealed.length > RECORD_MAX_SEALED_BYTES) throw new EncodingError("too-large");
  return { recordId, topic, target, era, expires, sealed };
}

function sealContent(signed: Signed<SignedContent>, keys: RecordKeys): WireRecord | null {
  return sealSignedContent(signed.value, stubOf(signed.value), signed, keys);
}

function sealRefusal(error: unknown): SealRefusal {
  if (!(error instanceof EncodingError)) throw error;
  return error.reason === "too-large" ? "too-large" : "wrong-shape";
}

/** `sealed` = commitment (32) ‖ nonce (24) ‖ …; the nonce is no secret. */
function isOwnNonce(sealed: Uint8Array, nonce: Uint8Array): boolean {
  return equalBytes(sealed.subarray(32, 32 + SEAL_NONCE_BYTES), nonce);
}
