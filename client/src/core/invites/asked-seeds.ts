import { equalBytes, type PendingJoin, type VaultContent } from "@unionhall/crypto";

// Every visit needs this of invites, and so it stands apart from the rest.

/** Seeds (32 bytes) of every steward key that this account named when it asked into a group: any of its requests may be the one granted. */
export function seedsAskedWith(content: VaultContent, groupId: Uint8Array): readonly Uint8Array[] {
  return content.pendingJoins.filter((join) => equalBytes(join.groupId, groupId)).flatMap(seedsOf);
}

/**
 * The seed that this account named when it last asked into a group and heard of no admission since; null where it has not. The same again, and it
 * does not matter which of its requests is granted. What was named before the last admission may be spent.
 */
export function seedToAskWith(content: VaultContent, groupId: Uint8Array): Uint8Array | null {
  const asked = content.pendingJoins
    .filter((join) => equalBytes(join.groupId, groupId))
    .toSorted((a, b) => b.changed - a.changed);
  const [last] = asked;
  return last === undefined || last.state === "done" ? null : last.stewardSeed;
}

/** Seeds (32 bytes) of the steward keys that one request, and those it took the place of, named: its own first. */
export function seedsOf({ stewardSeed, extra }: PendingJoin): readonly Uint8Array[] {
  const former = extra.find(({ name }) => name === "formerSeeds")?.value;
  const seeds = Array.isArray(former) ? former.filter((seed) => seed instanceof Uint8Array && seed.length === 32) : [];
  return [stewardSeed, ...seeds];
}
