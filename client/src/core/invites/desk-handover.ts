import {
  boxDeskKeys,
  deskHandoverLabel,
  eraKeysOf,
  equalBytes,
  isFacilitator,
  membersOf,
  openDeskKeys,
  type DeskKeys,
  type EraKeys,
  type GroupAccount,
  type GroupInvite,
} from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { GroupServer } from "../sync/group-server.ts";
import type { LoadedGroup } from "../sync/loaded-group.ts";
import type { Attempt } from "./errands.ts";

/**
 * An invite's desk keys are boxed to those who were facilitators when it was made. Who became one later gets them from the client of one who has
 * them: boxed in the same way, laid among the boxes of the newest era, under a label that only members of the era can compute. Whether they are the
 * desk's is checked against the public halves in the chain, so a box of junk leads nobody astray.
 */

type HandoverParts = Pick<EngineParts, "api" | "origin" | "clock" | "random" | "account">;

/**
 * Lays the keys out for every facilitator to whom the invite itself does not box them and for whom nothing lies there.
 *
 * @throws HallError `offline`
 */
export async function handOnDeskKeys(
  { api, origin, clock, random }: HandoverParts,
  group: LoadedGroup,
  invite: GroupInvite,
  keys: DeskKeys,
): Promise<Attempt> {
  const era = group.newest === null ? null : eraKeysOf(group.newest.era, group.newest.eraKey);
  const others = laterFacilitators(group, invite);
  if (era === null || others.length === 0) return "done";
  const server = new GroupServer(group.groupId, api, origin);
  const labels = others.map(({ identityKey }) => deskHandoverLabel(era.eraKey, invite.id, identityKey));
  const lying = await server.boxes(labels, true);
  const missing = others.filter((_, at) => !lying.some(({ label }) => equalBytes(label, labels[at] ?? label)));
  const boxes = missing.flatMap((account) => boxFor(era, group, invite, keys, account, random));
  const token = boxes.length === 0 ? null : await server.token(era, clock.now());
  if (token !== null) await server.addBoxes(token.token, { era: era.number, boxes });
  return "done";
}

function laterFacilitators({ state }: LoadedGroup, { desk }: GroupInvite): readonly GroupAccount[] {
  return membersOf(state)
    .filter(isFacilitator)
    .filter(({ identityKey }) => !desk.boxes.some(({ facilitator }) => equalBytes(facilitator, identityKey)));
}

function boxFor(
  era: EraKeys,
  { groupId }: LoadedGroup,
  invite: GroupInvite,
  keys: DeskKeys,
  { identityKey, boxKeys }: GroupAccount,
  random: HandoverParts["random"],
): readonly { readonly label: Uint8Array; readonly box: Uint8Array; readonly command: null }[] {
  const boxKey = boxKeys.at(-1)?.boxKey.publicKey;
  if (boxKey === undefined) return [];
  const [boxed] = boxDeskKeys(keys, { groupId, inviteId: invite.id }, [{ identityKey, boxKey }], random);
  if (boxed === undefined) return [];
  return [{ label: deskHandoverLabel(era.eraKey, invite.id, identityKey), box: boxed.box, command: null }];
}

/** The keys that another facilitator laid out for this account in the newest era; null when none has. @throws HallError `offline` */
export async function deskKeysHandedOn(
  { api, origin, account }: HandoverParts,
  group: LoadedGroup,
  invite: GroupInvite,
): Promise<DeskKeys | null> {
  if (group.newest === null) return null;
  const era = eraKeysOf(group.newest.era, group.newest.eraKey);
  const label = deskHandoverLabel(era.eraKey, invite.id, account.identityKey);
  const lying = await new GroupServer(group.groupId, api, origin).boxes([label]);
  const place = { groupId: group.groupId, inviteId: invite.id };
  const boxKeys = account.boxKeys().map(({ box }) => box);
  for (const { box } of lying) {
    const boxes = [{ facilitator: account.identityKey, box }];
    const keys = openDeskKeys({ ...invite.desk, boxes }, place, account.identityKey, boxKeys);
    if (keys !== null) return keys;
  }
  return null;
}
