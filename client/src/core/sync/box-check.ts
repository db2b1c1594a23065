import {
  accountOf,
  boxHash,
  boxRecipients,
  equalBytes,
  eraDifferences,
  eraKeysOf,
  erasCut,
  erasWithBoxes,
  isIn,
  labelFor,
  makeBox,
  newestEra,
  type BoxRecipient,
  type EraKeys,
  type GroupEra,
  type GroupState,
  type LabelledBox,
} from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken } from "./group-server.ts";
import type { OpenGroup } from "./open-group.ts";
import { openOwnBoxes } from "./own-boxes.ts";
import { withCommand } from "./steward-desk.ts";
import { warn } from "./warnings.ts";

/** How many boxes of others each client compares: together they see all of them. */
const othersCompared = 8;

/** How many older eras whose boxes are kept each client looks at besides, by chance. */
const olderErasCompared = 3;

/**
 * Compares boxes of the newest era on the server with what they must be, and of some older ones that are kept: the own one, and some of others
 * by chance. What is missing or wrong is put beside, by whoever notices (protocol section 5, Boxes).
 */
export async function checkBoxes(parts: GroupParts, group: OpenGroup, token: GroupToken): Promise<void> {
  const { state, newest } = group;
  const era = newestEra(state);
  if (newest === null || era === null || newest.era !== era.number || token.era !== era.number) return;
  const kept = erasWithBoxes(state).filter(({ number }) => number >= erasCut(state) && number < era.number);
  for (const each of [era, ...some(kept, olderErasCompared, parts)]) await checkEra(parts, group, token, each);
}

async function checkEra(parts: GroupParts, group: OpenGroup, token: GroupToken, era: GroupEra): Promise<void> {
  const keys = await keysOf(parts, group, era);
  if (keys === null) return;
  const recipients = pick(recipientsOf(group.state, era), group, parts);
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

/** Whoever has a box of the newest era; of an older one those who are in still, and could come back from that far. */
function recipientsOf(state: GroupState, era: GroupEra): readonly BoxRecipient[] {
  const all = boxRecipients(state, era);
  if (era.number === newestEra(state)?.number) return all;
  return all.filter((recipient) => {
    const account = recipient.kind === "account" ? accountOf(state, recipient.identityKey) : undefined;
    return account !== undefined && isIn(account);
  });
}

/** The keys of an era whose boxes are kept: of an older one, out of the own box. Null where this account has none, or none that is right. */
async function keysOf(parts: GroupParts, group: OpenGroup, era: GroupEra): Promise<EraKeys | null> {
  const { newest } = group;
  if (newest?.era === era.number) return eraKeysOf(newest.era, newest.eraKey);
  const kept = { era: era.number, labelKey: era.labelKey };
  const opened = await openOwnBoxes(group.server, parts.account, [kept]);
  return opened.find((keys) => eraDifferences(era, keys).length === 0) ?? null;
}

/** Whether this is the very box that belongs under its label: false also of an era that this account cannot say it of. */
export async function isRightBox(
  parts: GroupParts,
  group: OpenGroup,
  { era: number, label, bytes }: { readonly era: number; readonly label: Uint8Array; readonly bytes: Uint8Array },
): Promise<boolean> {
  const { state } = group;
  const era = erasWithBoxes(state).find((kept) => kept.number === number);
  const keys = era === undefined ? null : await keysOf(parts, group, era);
  if (era === undefined || keys === null) return false;
  return recipientsOf(state, era)
    .filter((one) => equalBytes(labelFor(group.groupId, keys, one), label))
    .some((one) => {
      const right = makeBox(group.groupId, keys, one);
      return right !== null && equalBytes(right.box, bytes);
    });
}

function pick(all: readonly BoxRecipient[], group: OpenGroup, parts: GroupParts): readonly BoxRecipient[] {
  const isOwn = (recipient: BoxRecipient): boolean =>
    recipient.kind === "account" && equalBytes(recipient.identityKey, group.identityKey);
  // A request's box serves once, to let its guest in; afterwards the ordinary one does.
  const others = all.filter((recipient) => recipient.kind !== "request" && !isOwn(recipient));
  return [...all.filter(isOwn), ...some(others, othersCompared, parts)];
}

/** So many of these at most, by chance. */
function some<T>(all: readonly T[], most: number, { random }: Pick<GroupParts, "random">): readonly T[] {
  const left = [...all];
  const picked: T[] = [];
  while (picked.length < most && left.length > 0) {
    const at = new DataView(random(4).slice().buffer).getUint32(0) % left.length;
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
