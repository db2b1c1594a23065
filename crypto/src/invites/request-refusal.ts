/**
 * How a guest hears of a refusal: among the boxes of the newest era lies a note, under a label of its own. Both follow
 * from the request's id, which nobody knows but the guest and who can open the desk; so neither the server nor another
 * holder of the link can refuse somebody.
 */
import { labelledHash } from "../primitives/labelled-hash.ts";

/** The label (16 bytes) under which the note lies, of a request's id (32) and the group's (32). */
export function refusalLabel(requestId: Uint8Array, groupId: Uint8Array): Uint8Array {
  return labelledHash("request-refused-label", requestId, groupId).slice(0, 16);
}

/** The note (32 bytes), of a request's id (32) and the group's (32). */
export function refusalNote(requestId: Uint8Array, groupId: Uint8Array): Uint8Array {
  return labelledHash("request-refused", requestId, groupId);
}
