import {
  accountOf,
  equalBytes,
  isFacilitator,
  isIn,
  stewardKeyPair,
  stewardSeedAfter,
  type GroupAccount,
  type GroupState,
} from "@unionhall/crypto";
import { seedsAskedWith } from "../invites/asked-seeds.ts";
import type { Account } from "../session/account.ts";
import type { VaultDoor } from "../session/vault-door.ts";
import type { GroupDraft } from "./group-draft.ts";

/** Who the steward key belongs to, and what else knows its seed. */
interface StewardKeyParts {
  readonly account: Pick<Account, "identityKey" | "boxKeys">;
  readonly vault: Pick<VaultDoor, "content">;
}

/**
 * The seed (32 bytes) of the steward key that this account gives itself in place of its former ones. It derives from the box key that every
 * revocation brings, and so it is in the vault before anything is sent: every device of the account that is not revoked comes to the same, and
 * none can lose it.
 */
export function nextStewardSeed(
  { account }: Pick<StewardKeyParts, "account">,
  groupId: Uint8Array,
  own: GroupAccount,
): Uint8Array {
  const current = account.boxKeys().at(-1);
  if (current === undefined) throw new TypeError("an account has a box key");
  return stewardSeedAfter(
    current.box.secretKey,
    groupId,
    own.spentStewardKeys.length + (own.stewardKey === null ? 0 : 1),
  );
}

/** Whether a seed is that of this account's steward key by the chain. */
export function isChainsSeed(state: GroupState, identityKey: Uint8Array, seed: Uint8Array): boolean {
  const own = accountOf(state, identityKey)?.stewardKey ?? null;
  return own !== null && equalBytes(stewardKeyPair(seed).publicKey, own);
}

/** Whether the server obeys the key of this seed: only a facilitator's, by the state before the entry. */
export function isListed(state: GroupState, identityKey: Uint8Array, seed: Uint8Array): boolean {
  const account = accountOf(state, identityKey);
  return account !== undefined && isIn(account) && isFacilitator(account) && isChainsSeed(state, identityKey, seed);
}

/** Has the group use the seed of the steward key that the chain has of this account, if any of its devices could have brought that. */
export function takeStewardSeed(draft: GroupDraft, { account, vault }: StewardKeyParts): void {
  const { identityKey } = account;
  const own = accountOf(draft.state, identityKey);
  const isRight = (seed: Uint8Array): boolean => isChainsSeed(draft.state, identityKey, seed);
  if (own === undefined || own.stewardKey === null || isRight(draft.stored.stewardSeed)) return;
  const inVault = vault.content().groups.filter(({ groupId }) => equalBytes(groupId, draft.groupId));
  const candidates = [
    ...inVault.map(({ stewardSeed }) => stewardSeed),
    ...seedsAskedWith(vault.content(), draft.groupId),
    ...account.boxKeys().map(({ box }) => stewardSeedAfter(box.secretKey, draft.groupId, own.spentStewardKeys.length)),
  ];
  const right = candidates.find(isRight);
  if (right !== undefined) draft.set({ stewardSeed: right, stewardCounter: 0 });
}
