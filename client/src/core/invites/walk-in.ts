import {
  accountOf,
  boxLabel,
  inviteFault,
  joinClaim,
  KeyError,
  linkKeys,
  openBox,
  OpenError,
  sign,
  statementForGroups,
  stewardKeyPair,
  type EraKeys,
  type InviteFault,
  type LinkKeys,
} from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { HallError, type HallProblem } from "../problems.ts";
import { GroupServer } from "../sync/group-server.ts";
import type { EnterGroup, Groups, LoadedGroup } from "../sync/loaded-group.ts";
import { openOwnBoxes, type KeptEra } from "../sync/own-boxes.ts";
import { orStopped } from "../stop.ts";
import { isAsAsked } from "./admission.ts";
import type { StoredJoin } from "./invite-store.ts";
import { secretsGivenUp } from "./vault-invites.ts";

type WalkInParts = Pick<EngineParts, "api" | "origin" | "clock" | "account" | "vault" | "stop">;

/**
 * Comes in by an instant invite with nobody online (protocol section 7): opens the newest era with the invite's own key, checks the chain from
 * `found`, and appends `join`. Can be called again at any point; who is in already only settles in.
 *
 * @throws HallError `invite-ended`, `invite-expired`, `invite-spent`, `invite-forged`, `group-full`, `server-lies`, `offline`
 */
export async function walkIn(parts: WalkInParts, groups: Groups, join: StoredJoin): Promise<LoadedGroup> {
  const { groupId, stewardSeed } = join;
  const { account, vault } = parts;
  const server = new GroupServer(groupId, parts.api, parts.origin);
  const newest = await newestEraOf(server);
  const keys = linkKeys(groupId, join.secret);
  for (const era of await boxedKeys(parts, server, newest, keys)) {
    const entered = await enteredWith(parts, groups, {
      groupId,
      era: era.number,
      eraKey: era.eraKey,
      stewardSeed,
      hold: true,
    });
    if (entered === null) continue;
    if (entered.kind === "outside") await comeIn(parts, entered.group, join, keys);
    else if (!isAsAsked(entered.group.state, join, account.identityKey, secretsGivenUp(vault.content(), groupId)))
      throw new HallError("invite-forged", "the group's chain lets this account in by another way than this invite");
    await orStopped(groups.settleIn(entered.group.id), parts.stop);
    return entered.group;
  }
  // An invite that is over gets no box of the eras that follow.
  if (parts.clock.now() >= join.expiry) throw new HallError("invite-expired", "the invite has expired");
  throw new HallError("invite-ended", "the invite opens the group no more");
}

/** Null where the key is none of the group's: under every label there may be junk beside the right box. */
async function enteredWith(
  { stop }: WalkInParts,
  groups: Groups,
  input: EnterGroup,
): Promise<Awaited<ReturnType<Groups["enter"]>> | null> {
  try {
    return await orStopped(groups.enter(input), stop);
  } catch (error) {
    if (error instanceof HallError && error.problem === "server-lies") return null;
    throw error;
  }
}

async function newestEraOf(server: GroupServer): Promise<KeptEra> {
  try {
    const { newest, kept } = await server.eras();
    const shown = kept.find(({ era }) => era === newest);
    if (shown !== undefined) return shown;
  } catch (error) {
    if (!(error instanceof HallError) || error.problem !== "group-unknown") throw error;
    throw new HallError("invite-ended", "the group is not there any more");
  }
  throw new HallError("server-lies", "the hall does not show the group's newest era");
}

/** Keys of the newest era: out of the own box, where an earlier attempt came so far, else out of the invite's. */
async function boxedKeys(
  { account }: WalkInParts,
  server: GroupServer,
  newest: KeptEra,
  keys: LinkKeys,
): Promise<readonly EraKeys[]> {
  const own = await openOwnBoxes(server, account, [newest]);
  const found = await server.boxes(labelOf(server.groupId, newest, keys));
  const boxed = found.flatMap(({ era, box }) => (era === newest.era ? opened(box, server.groupId, era, keys) : []));
  return [...own, ...boxed];
}

function labelOf(
  groupId: Uint8Array,
  { era, labelKey }: KeptEra,
  { labelKey: own, inviteId }: LinkKeys,
): readonly Uint8Array[] {
  try {
    return [boxLabel(own, labelKey, { kind: "invite", invite: inviteId }, groupId, era)];
  } catch (error) {
    if (error instanceof KeyError) return [];
    throw error;
  }
}

function opened(box: Uint8Array, groupId: Uint8Array, era: number, { boxKey }: LinkKeys): readonly EraKeys[] {
  try {
    return [openBox(box, groupId, era, boxKey)];
  } catch (error) {
    if (error instanceof OpenError) return [];
    throw error;
  }
}

async function comeIn(
  { account, clock, stop }: WalkInParts,
  group: LoadedGroup,
  join: StoredJoin,
  keys: LinkKeys,
): Promise<void> {
  const { boxKey, statements } = account.state();
  if (boxKey === null || join.preview === null)
    throw new HallError("invite-ended", "another device of this account began to come in by this invite");
  if (accountOf(group.state, account.identityKey)?.stays.at(-1)?.ended === "removed")
    throw new HallError("invite-ended", "who was removed comes back only by being admitted");
  const fault = inviteFault(group.state, keys, join.preview, clock.now());
  if (fault !== null) throw new HallError(faultProblems[fault], `the group's chain says of the invite: ${fault}`);
  const { groupId } = group;
  const device = account.device.signing.publicKey;
  const claim = joinClaim({
    groupId,
    invite: keys.inviteId,
    identityKey: account.identityKey,
    device,
    boxKey: boxKey.publicKey,
  });
  const operation = {
    kind: "join",
    statements: [...statements.values()].map(statementForGroups),
    stewardKey: stewardKeyPair(join.stewardSeed).publicKey,
    invite: keys.inviteId,
    signature: sign(claim, keys.requestKey.secretKey),
  } as const;
  await orStopped(group.propose([operation]), stop);
}

const faultProblems = {
  "not-in-chain": "invite-forged",
  "differs-from-preview": "invite-forged",
  ended: "invite-ended",
  expired: "invite-expired",
  spent: "invite-spent",
} as const satisfies Readonly<Record<InviteFault, HallProblem>>;
