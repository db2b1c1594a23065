import type { AccountState } from "../account/account-state.ts";
import type { Entry } from "./entry.ts";
import { accountKey, type GroupAccount, type GroupState, isFacilitator, isIn } from "./group-state.ts";
import type { AccountFault, OperationRefusal } from "./refusals.ts";

/** What judging an operation needs to know of its entry. */
export interface EntryContext {
  readonly entry: Entry;
  /** The author's account as the entry shows it: what the chain carried, and the entry's own statements. */
  readonly author: AccountState;
  /** The state before the entry. */
  readonly before: GroupState;
  /** The moment for which the entry counts: the greatest of its own time and of facilitators' counted entries before it. */
  readonly moment: number;
}

/** What may stand after an operation in the same entry. */
export type MayFollow = "anything" | "only-era" | "nothing";

/** An operation that stands, or the reason why it does not. */
export type Judged = Stands | Fails;

export interface Stands {
  readonly kind: "stands";
  readonly state: GroupState;
  /** Access ends or widens at once, so the entry must start an era. */
  readonly needsEra: boolean;
  readonly mayFollow: MayFollow;
}

export interface Fails {
  readonly kind: "fails";
  readonly reason: OperationRefusal | AccountFault;
}

export function stands(state: GroupState, effects: Partial<Pick<Stands, "needsEra" | "mayFollow">> = {}): Stands {
  return { kind: "stands", state, needsEra: false, mayFollow: "anything", ...effects };
}

export function fails(reason: Fails["reason"]): Fails {
  return { kind: "fails", reason };
}

/** The state with this account as it is given. */
export function withAccount(state: GroupState, account: GroupAccount): GroupState {
  return { ...state, accounts: new Map(state.accounts).set(accountKey(account.identityKey), account) };
}

/** The account, where it is in the group. */
export function memberOf(state: GroupState, identityKey: Uint8Array): GroupAccount | undefined {
  const account = state.accounts.get(accountKey(identityKey));
  return account !== undefined && isIn(account) ? account : undefined;
}

/** Why the author may not do what only facilitators may; null where it may. */
export function notFacilitator(state: GroupState, author: Uint8Array): Fails | null {
  const account = memberOf(state, author);
  if (account === undefined) return fails("not-a-member");
  return isFacilitator(account) ? null : fails("not-a-facilitator");
}
