/** `account-update` (protocol section 5): newer statements of a member, by itself or handed on by another. */
import type { AccountState } from "../account/account-state.ts";
import { addVerified, isRevoked, knownOf, newlyRevoked, withKnown } from "./account-union.ts";
import { type GroupAccount, type GroupState, isFacilitator } from "./group-state.ts";
import { isInstant, withAllEnded, withDue } from "./invite-state.ts";
import { type EntryContext, fails, type Fails, type Judged, memberOf, stands, withAccount } from "./judgement.ts";
import { withWordsOfRevoked } from "./last-words.ts";
import type { LastWords, OperationOf } from "./operations.ts";
import type { OperationRefusal } from "./refusals.ts";
import { sameBytes } from "./same-bytes.ts";
import { isStewardKeyFree } from "./steward-list.ts";

type AccountUpdate = OperationOf<"account-update">;

export function judgeAccountUpdate(state: GroupState, operation: AccountUpdate, { entry }: EntryContext): Judged {
  const author = memberOf(state, entry.author);
  if (author === undefined) return fails("not-a-member");
  const account = memberOf(state, operation.identityKey);
  if (account === undefined) return fails("target-not-in");
  const before = knownOf(account);
  const union = addVerified(before, operation.statements);
  if (union.kind === "fault") return fails(union.reason);
  const revoked = newlyRevoked(before, union.account);
  const isOwn = sameBytes(entry.author, operation.identityKey);
  const refusal =
    refusalOfRevocation(operation, revoked, isOwn, isFacilitator(author)) ??
    refusalOfWords(operation.lastWords, union.account) ??
    refusalOfStewardKey(state, account, operation, isOwn);
  if (refusal !== null) return refusal;
  const updated = withStewardKey(withKnown(account, union.account, entry.index), operation, revoked.length > 0);
  if (revoked.length === 0) return stands(withAccount(state, updated));
  const next = withRevocation(
    state,
    withWordsOfRevoked(updated, entry.index, revoked, operation.lastWords ?? []),
    entry.index,
  );
  const cutsItselfOff = isOwn && revoked.some((device) => sameBytes(device, entry.device));
  return stands(next, { mayFollow: cutsItselfOff ? "nothing" : "anything" });
}

function refusalOfRevocation(
  { stewardKey, lastWords }: AccountUpdate,
  revoked: readonly Uint8Array[],
  isOwn: boolean,
  byFacilitator: boolean,
): Fails | null {
  if (revoked.length === 0) return null;
  if (!isOwn && !byFacilitator) return fails("revocation-by-another");
  if (lastWords === null) return fails("last-words-missing");
  return isOwn && stewardKey === null ? fails("steward-key-missing") : null;
}

/** Words may speak only of devices that are revoked after the entry; of those revoked before, the first words stand. */
function refusalOfWords(words: LastWords | null, after: AccountState): Fails | null {
  const isMisplaced = words?.some(({ device }) => !isRevoked(after, device)) ?? false;
  return isMisplaced ? fails("last-words-misplaced") : null;
}

function refusalOfStewardKey(
  state: GroupState,
  account: GroupAccount,
  { stewardKey, identityKey }: AccountUpdate,
  isOwn: boolean,
): Fails | null {
  if (stewardKey === null) return null;
  if (!isOwn) return fails("steward-key-of-another");
  const isCurrent = account.stewardKey !== null && sameBytes(account.stewardKey, stewardKey);
  const reason: OperationRefusal = "steward-key-used";
  return isCurrent || !isStewardKeyFree(state, identityKey, stewardKey) ? fails(reason) : null;
}

/** A given key replaces the former one; a revocation that brings none strikes it. */
function withStewardKey(account: GroupAccount, { stewardKey }: AccountUpdate, revokes: boolean): GroupAccount {
  if (stewardKey === null && !revokes) return account;
  const former = account.stewardKey === null ? [] : [account.stewardKey];
  return { ...account, stewardKey, spentStewardKeys: [...account.spentStewardKeys, ...former] };
}

function withRevocation(state: GroupState, account: GroupAccount, index: number): GroupState {
  const { identityKey } = account;
  const due = withDue(withAccount(state, account), { kind: "device-revoked", index, identityKey });
  return withAllEnded(due, index, "revocation", isInstant);
}
