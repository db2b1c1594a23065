import {
  boxHash,
  boxRecipients,
  equalBytes,
  eraKeysOf,
  labelFor,
  makeBox,
  newestEra,
  type BoxRecipient,
  type EraKeys,
  type LabelledBox,
} from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken } from "./group-server.ts";
import type { OpenGroup } from "./open-group.ts";
import { withCommand } from "./steward-desk.ts";
import { warn } from "./warnings.ts";

/** How many boxes of others each client compares: together they see all of them. */
const othersCompared = 8;

/**
 * Compares boxes of the newest era on the server with what they must be: the own one, and some of others by chance. What is missing or wrong is
 * put beside, by whoever notices (protocol section 5, Boxes).
 */
export async function checkBoxes(parts: GroupParts, group: OpenGroup, token: GroupToken): Promise<void> {
  const { state, newest } = group;
  const era = newestEra(state);
  if (newest === null || era === null || newest.era !== era.number || token.era !== era.number) return;
  const keys = eraKeysOf(newest.era, newest.eraKey);
  const recipients = pick(boxRecipients(state, era), group, parts);
  const held = await group.server.boxes(
    recipients.map((recipient) => labelFor(group.groupId, keys, recipient)),
    true,
  );
  for (const recipient of recipients) {
    const right = makeBox(group.groupId, keys, recipient);
    if (right === null) continue;
    const hash = boxHash(right.box);
    const isThere = held.some(({ label, box }) => equalBytes(label, right.label) && equalBytes(box, hash));
    if (!isThere) await repair(parts, group, token, keys, right, recipient);
  }
}

/** Whether this is the very box that belongs under its label. Said of the newest era only: of others this account may not know. */
export function isRightBox(
  group: OpenGroup,
  { era: number, label, bytes }: { readonly era: number; readonly label: Uint8Array; readonly bytes: Uint8Array },
): boolean {
  const { state, newest } = group;
  const era = newestEra(state);
  if (newest === null || era === null || newest.era !== era.number || number !== era.number) return false;
  const keys = eraKeysOf(newest.era, newest.eraKey);
  const recipient = boxRecipients(state, era).find((one) => equalBytes(labelFor(group.groupId, keys, one), label));
  const right = recipient === undefined ? null : makeBox(group.groupId, keys, recipient);
  return right !== null && equalBytes(right.box, bytes);
}

function pick(all: readonly BoxRecipient[], group: OpenGroup, parts: GroupParts): readonly BoxRecipient[] {
  const isOwn = (recipient: BoxRecipient): boolean =>
    recipient.kind === "account" && equalBytes(recipient.identityKey, group.identityKey);
  // A request's box serves once, to let its guest in; afterwards the ordinary one does.
  const others = all.filter((recipient) => recipient.kind !== "request" && !isOwn(recipient));
  const picked: BoxRecipient[] = all.filter(isOwn);
  const left = [...others];
  for (let count = 0; count < othersCompared && left.length > 0; count++) {
    const at = new DataView(parts.random(4).slice().buffer).getUint32(0) % left.length;
    picked.push(...left.splice(at, 1));
  }
  return picked;
}

async function repair(
  parts: GroupParts,
  group: OpenGroup,
  token: GroupToken,
  keys: EraKeys,
  right: LabelledBox,
  recipient: BoxRecipient,
): Promise<void> {
  const added = await group.server.addBoxes(token.token, { era: keys.number, boxes: [{ ...right, command: null }] });
  if (added === null) return;
  if (added.noRoom > 0) await insist(parts, group, token, keys.number, right);
  const by = group.state.eras[keys.number]?.startedBy ?? null;
  const whose = recipient.kind === "invite" ? "an invite" : "a member";
  await group.held.change((draft) =>
    warn(draft, "box-repaired", `${keys.number} ${right.label.join()}`, {
      noticedAt: parts.clock.now(),
      by,
      detail: `the box of ${whose} in era ${keys.number} was missing or wrong; it was put right`,
    }),
  );
}

/** There is no room among anybody's boxes: a steward has a place of the own, and a member hands the box to one. */
async function insist(
  parts: GroupParts,
  group: OpenGroup,
  token: GroupToken,
  era: number,
  right: LabelledBox,
): Promise<void> {
  if ((await placeBox(parts, group, token, era, right)) !== "no-steward") return;
  const { label, box: bytes } = right;
  await group.write({ kind: "statement", handedOn: { kind: "box", era, label, bytes } });
}

/** Puts a box into the place that the server keeps for a steward. */
export function placeBox(
  parts: GroupParts,
  group: OpenGroup,
  { token }: GroupToken,
  era: number,
  { label, box }: LabelledBox,
): ReturnType<typeof withCommand> {
  const operation = { kind: "box", era, boxLabel: label, hash: boxHash(box) } as const;
  return withCommand(parts, group, operation, (command) =>
    group.server.addCommandedBox(token, era, { label, box, command }),
  );
}
