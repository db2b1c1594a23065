import { equalBytes, eraKeysOf, refusalLabel, refusalNote } from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { GroupServer } from "../sync/group-server.ts";
import type { LoadedGroup } from "../sync/loaded-group.ts";

/**
 * How a guest hears of a refusal: among the boxes of the newest era lies a note of 32 bytes, under a label of its own. Both follow from the
 * request's id, which nobody knows but the guest and who can open the desk; so neither the server nor another holder of the link can refuse
 * somebody, and the server learns no more than from any other box. It goes with its era; who comes later than that waits until the invite ends.
 */

/** Whether what lies under the label is the note. */
export function isRefusal(box: Uint8Array, requestId: Uint8Array, groupId: Uint8Array): boolean {
  return equalBytes(box, refusalNote(requestId, groupId));
}

/** Lays the note. Without room for it, or in an era that ends meanwhile, the guest is left waiting. @throws HallError `offline` */
export async function layRefusal(
  { api, origin, clock }: Pick<EngineParts, "api" | "origin" | "clock">,
  group: LoadedGroup,
  requestId: Uint8Array,
): Promise<void> {
  const { newest, groupId } = group;
  if (newest === null) return;
  const server = new GroupServer(groupId, api, origin);
  const token = await server.token(eraKeysOf(newest.era, newest.eraKey), clock.now());
  if (token === null) return;
  const note = { label: refusalLabel(requestId, groupId), box: refusalNote(requestId, groupId), command: null };
  await server.addBoxes(token.token, { era: newest.era, boxes: [note] });
}
