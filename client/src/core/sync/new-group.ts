import { accountOf, equalBytes, isIn, type VaultContent, type VaultGroup } from "@unionhall/crypto";
import type { GroupSnapshot } from "./group-draft.ts";
import type { HeldEra, StoredGroup } from "./group-store.ts";
import { isChainsSeed } from "./own-steward-key.ts";

/** A group of which nothing is known here but an era key. */
export function newStoredGroup(input: {
  readonly groupId: Uint8Array;
  readonly notebook: boolean;
  readonly offered: HeldEra;
  readonly stewardSeed: Uint8Array;
  readonly newcomer: boolean;
  readonly vaultEra: number | null;
}): StoredGroup {
  return {
    ...input,
    standing: { kind: "arriving" },
    held: null,
    cursor: 0,
    logPlace: { shift: 0, tail: null, again: false },
    judgedTo: 0,
    retention: { day: 0, eras: 0, told: 0 },
    newest: null,
    eraAtCursor: 0,
    stewardCounter: 0,
    info: null,
    memberCount: 0,
    unreadTopics: 0,
    unreadPosts: 0,
    latestActivity: null,
    readBefore: 0,
    own: { number: 0, acknowledged: null },
    seen: [],
  };
}

/** A group of which another device of this account told, or this one from before a recovery. */
export function storedFromVault({ groupId, kind, era, eraKey, stewardSeed }: VaultGroup): StoredGroup {
  const notebook = kind === "notebook";
  return newStoredGroup({ groupId, notebook, offered: { era, eraKey }, stewardSeed, newcomer: false, vaultEra: era });
}

/**
 * The vault with this group as it stands here. An era is never put in place of a newer one, nor a steward seed in place of the chain's. A newer
 * era alone is no change that would outdo what another device says of the group.
 */
export function withVaultGroup(
  content: VaultContent,
  { stored, state }: Pick<GroupSnapshot, "stored" | "state">,
  identityKey: Uint8Array,
  now: number,
): VaultContent {
  const held = stored.newest ?? stored.offered;
  if (held === null) return content;
  const known = content.groups.find(({ groupId }) => equalBytes(groupId, stored.groupId));
  // Another device put it away: who comes in anew, and so has no era of it in the vault, brings it back, and who is in it with others.
  const bringsBack = stored.vaultEra === null || isAmongOthers({ stored, state }, identityKey);
  if (known !== undefined && isForgotten(known) && !bringsBack) return content;
  const newest = known !== undefined && known.era > held.era ? { era: known.era, eraKey: known.eraKey } : held;
  const isOurs = known === undefined || isChainsSeed(state, identityKey, stored.stewardSeed);
  const stewardSeed = isOurs ? stored.stewardSeed : known.stewardSeed;
  const standing = standingForVault(stored);
  const isSame = known !== undefined && known.standing === standing && equalBytes(known.stewardSeed, stewardSeed);
  const group: VaultGroup = {
    groupId: stored.groupId,
    kind: stored.notebook ? "notebook" : "working-group",
    ...newest,
    stewardSeed,
    standing,
    continuedBy: known?.continuedBy ?? null,
    changed: isSame ? known.changed : now,
    extra: (known?.extra ?? []).filter(({ name }) => name !== forgotten),
  };
  return { ...content, groups: [...content.groups.filter((other) => other !== known), group] };
}

const forgotten = "forgotten";

/** Whether the person put the group away: then no device of the account shows it. */
export function isForgotten({ extra, standing }: VaultGroup): boolean {
  return standing !== "member" && extra.some(({ name, value }) => name === forgotten && value === true);
}

export function withForgotten(content: VaultContent, groupId: Uint8Array, now: number): VaultContent {
  const groups = content.groups.map((group) => {
    if (!equalBytes(group.groupId, groupId)) return group;
    const extra = [...group.extra.filter(({ name }) => name !== forgotten), { name: forgotten, value: true }];
    const standing = group.standing === "member" ? ("left" as const) : group.standing;
    return { ...group, standing, extra, changed: now };
  });
  return { ...content, groups };
}

/** Whether an account (identity key, 32 bytes) is in the group by the chain, and not by itself: then only an entry can end its stay. */
export function isAmongOthers(
  { stored, state }: Pick<GroupSnapshot, "stored" | "state">,
  identityKey: Uint8Array,
): boolean {
  const account = accountOf(state, identityKey);
  return account !== undefined && isIn(account) && stored.memberCount > 1;
}

function standingForVault({ standing }: StoredGroup): VaultGroup["standing"] {
  return standing.kind === "left" || standing.kind === "removed" ? standing.kind : "member";
}

export function isOut({ standing }: Pick<StoredGroup, "standing">): boolean {
  return standing.kind === "left" || standing.kind === "removed";
}

/** Whether only putting it away, on another device, can end this account's stay; and that it does not come in anew just now. */
export function isAloneIn({ standing, memberCount, vaultEra, held }: StoredGroup): boolean {
  return standing.kind === "member" && memberCount === 1 && vaultEra !== null && held === null;
}

/** Whether the vault has this account in a group that it was out of here: only who came in after that brings a later era. */
export function cameInElsewhere(stored: StoredGroup, { standing, era }: VaultGroup): boolean {
  return isOut(stored) && stored.held === null && standing === "member" && era > (stored.newest?.era ?? -1);
}
