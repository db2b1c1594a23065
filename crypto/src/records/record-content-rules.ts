/** What a record's signed content must agree with: the wire, the stub, its own id, and the place of its kind. */
import { equalBytes } from "../primitives/bytes.ts";
import { encode } from "../primitives/encoding.ts";
import { isKnownKind, type KindPlace, pieceOf, placeOfKind, type RecordBody } from "./kinds.ts";
import { NO_PREVIOUS, type SignedContent, type Stub, stubStructure } from "./record-content.ts";
import { recordHeader, recordIdOf, stateTarget } from "./record-keys.ts";
import type { RecordRefusal } from "./record-types.ts";
import type { RecordFields } from "./record-wire.ts";

/** The stub of this content. */
export function stubOf(content: SignedContent): Stub {
  const { device, number, previous, head, state } = content;
  return { device, number, previousNumber: previous.number, previousHash: previous.hash, headIndex: head.index, state };
}

/** Wire fields, group and stub must equal what is signed; the id must be one of this device's (protocol section 6). */
export function identityRefusal(
  fields: RecordFields,
  stub: Stub,
  content: SignedContent,
  groupId: Uint8Array,
): Extract<RecordRefusal, "moved" | "wrong-id"> | null {
  const samePlace =
    equalBytes(recordHeader(fields, groupId), recordHeader(content, content.groupId)) &&
    equalBytes(encode(stubStructure, stub), encode(stubStructure, stubOf(content)));
  if (!samePlace) return "moved";
  const ownId = recordIdOf(content.groupId, content.device, content.salt);
  return equalBytes(ownId, content.recordId) ? null : "wrong-id";
}

/** Whether the number follows, and the kind stands where it may and under the key it must. */
export function placeRefusal(
  content: SignedContent,
  body: RecordBody,
  firstChainKey: Uint8Array,
): Extract<RecordRefusal, "wrong-number" | "wrong-key" | "wrong-place"> | null {
  if (!isNumberedInOrder(content)) return "wrong-number";
  if (!isKnownKind(content.kind)) return null;
  const place = placeOfKind(content.kind);
  if (content.state !== place.state) return "wrong-key";
  if (place.state && content.expires !== null) return "wrong-place";
  return topicFits(content, place.topic) && targetFits(content, body, place.target, firstChainKey)
    ? null
    : "wrong-place";
}

function isNumberedInOrder({ number, previous }: SignedContent): boolean {
  const isFirst = previous.number === NO_PREVIOUS.number;
  return number > previous.number && isFirst === equalBytes(previous.hash, NO_PREVIOUS.hash);
}

function topicFits({ topic, recordId }: SignedContent, rule: KindPlace["topic"]): boolean {
  if (rule === "none") return topic === null;
  return topic !== null && (rule === "required" || equalBytes(topic, recordId));
}

function targetFits(
  { target, kind, author }: SignedContent,
  body: RecordBody,
  rule: KindPlace["target"],
  firstChainKey: Uint8Array,
): boolean {
  if (rule === "none") return target === null;
  if (target === null) return false;
  // What a newer version of this kind is the state of, only that version knows.
  const piece = pieceOf(body, author);
  return rule === "record" || piece === null || equalBytes(target, stateTarget(firstChainKey, kind, piece));
}
