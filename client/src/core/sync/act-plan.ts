import {
  accountOf,
  addStatements,
  emptyAccount,
  equalBytes,
  isFacilitator,
  isIn,
  membersOf,
  newestEra,
  roleOf,
  statementForGroups,
  toHex,
  verifyStatement,
  type AccountState,
  type GroupAccount,
  type GroupState,
  type LastWords,
  type Operation,
  type RefusalReason,
  type Statement,
  type StatementWire,
} from "@unionhall/crypto";
import type { HallProblem } from "../problems.ts";
import type { GroupAct } from "./group-act.ts";

/** What acts come to on the state of this moment. */
export type ActPlan =
  | { readonly kind: "operations"; readonly operations: readonly Operation[]; readonly era: "if-needed" | "always" }
  | { readonly kind: "already" }
  | { readonly kind: "impossible"; readonly problem: HallProblem; readonly detail: string };

export interface Planner {
  readonly identityKey: Uint8Array;
  /** What is known of the own account. */
  readonly account: AccountState;
  /** The public key (32 bytes) of the next steward key of the own account. */
  nextStewardKey(own: GroupAccount): Uint8Array;
  /**
   * The records accepted of an account's devices, or of these of them (signing keys); own ones with those on their way. Asked only about
   * {@link accountsLosingStanding}.
   */
  lastWordsOf(identityKey: Uint8Array, devices: readonly Uint8Array[] | null): LastWords;
}

/** Whose standing acts would end or lessen on this state: about whom they must state last words. */
export function accountsLosingStanding(
  state: GroupState,
  acts: readonly GroupAct[],
  planner: Pick<Planner, "identityKey" | "account">,
): readonly Uint8Array[] {
  return acts.flatMap((act) => {
    if (act.kind === "leave") return [planner.identityKey];
    if (act.kind === "remove" || (act.kind === "role" && act.role === "member")) return [act.identityKey];
    const update = act.kind === "own-account" ? ownUpdate(planner) : act;
    if (update.kind !== "account-update") return [];
    const account = accountOf(state, update.identityKey);
    const revokes = account !== undefined && newlyRevoked(knownAccount(account), update.statements).length > 0;
    return revokes ? [update.identityKey] : [];
  });
}

/** Turns acts into the operations of one entry, leaving out what is done already. */
export function planActs(state: GroupState, acts: readonly GroupAct[], planner: Planner): ActPlan {
  const operations: Operation[] = [];
  let era: "if-needed" | "always" = "if-needed";
  for (const act of acts) {
    const plan = planAct(state, act, planner);
    if (plan.kind === "impossible") return plan;
    if (plan.kind === "already") continue;
    operations.push(...plan.operations);
    if (plan.era === "always") era = "always";
  }
  return operations.length === 0 && era === "if-needed" ? already : { kind: "operations", operations, era };
}

const already: ActPlan = { kind: "already" };
const impossible = (problem: HallProblem, detail: string): ActPlan => ({ kind: "impossible", problem, detail });
const does = (...operations: Operation[]): ActPlan => ({ kind: "operations", operations, era: "if-needed" });

function planAct(state: GroupState, act: GroupAct, planner: Planner): ActPlan {
  const mine = accountOf(state, planner.identityKey);
  if (act.kind !== "join" && (mine === undefined || !isIn(mine)))
    return act.kind === "leave" ? already : impossible("not-a-member", "this account is not in the group");
  switch (act.kind) {
    case "leave":
      return planLeave(state, planner);
    case "remove":
    case "role":
      return planStanding(state, act, planner);
    case "own-account":
      return planOwnAccount(state, planner);
    case "account-update":
      return planHandedOn(state, act, planner);
    case "end-invite":
      return planEndInvite(state, act);
    case "new-era":
      return (newestEra(state)?.number ?? 0) > act.after
        ? already
        : { kind: "operations", operations: [], era: "always" };
    case "admit":
    case "join":
      return planComing(state, act, planner);
    case "rules":
      return JSON.stringify(state.rules) === JSON.stringify(act.rules) ? already : does(act);
    case "cut":
      return (state.cutDay ?? -1) >= act.day ? already : does(act);
    case "invite":
      return state.invites.has(toHex(act.id)) ? already : does(act);
  }
}

function planLeave(state: GroupState, planner: Planner): ActPlan {
  const facilitators = membersOf(state).filter(isFacilitator);
  const isLast =
    facilitators.length === 1 && facilitators.some((one) => equalBytes(one.identityKey, planner.identityKey));
  if (isLast) return impossible("last-facilitator", "the last facilitator cannot leave");
  return does({ kind: "leave", lastWords: planner.lastWordsOf(planner.identityKey, null) });
}

function planStanding(
  state: GroupState,
  act: Extract<GroupAct, { readonly kind: "remove" | "role" }>,
  planner: Planner,
): ActPlan {
  const account = accountOf(state, act.identityKey);
  if (account === undefined) return impossible("member-unknown", "there is no such member");
  if (!isIn(account))
    return act.kind === "remove" ? already : impossible("member-unknown", "they are not in the group");
  if (act.kind === "role" && roleOf(account) === act.role) return already;
  if (!isFacilitatorNow(state, planner)) return impossible("not-a-facilitator", "only facilitators do this");
  if (act.kind === "remove")
    return does({
      kind: "remove",
      identityKey: act.identityKey,
      lastWords: planner.lastWordsOf(act.identityKey, null),
    });
  const isLast = act.role === "member" && membersOf(state).filter(isFacilitator).length === 1;
  if (isLast) return impossible("last-facilitator", "a group keeps one facilitator at least");
  return does({ ...act, lastWords: act.role === "member" ? planner.lastWordsOf(act.identityKey, null) : null });
}

function planComing(
  state: GroupState,
  act: Extract<GroupAct, { readonly kind: "admit" | "join" }>,
  planner: Planner,
): ActPlan {
  const coming = accountOf(state, act.kind === "admit" ? act.identityKey : planner.identityKey);
  return coming !== undefined && isIn(coming) ? already : does(act);
}

function planEndInvite(state: GroupState, act: Extract<GroupAct, { readonly kind: "end-invite" }>): ActPlan {
  const invite = state.invites.get(toHex(act.id));
  if (invite === undefined) return impossible("invite-unknown", "there is no such invite");
  return invite.ended === null ? does(act) : already;
}

function planOwnAccount(state: GroupState, planner: Planner): ActPlan {
  const { identityKey, statements } = ownUpdate(planner);
  const own = accountOf(state, identityKey);
  if (own === undefined || !isIn(own)) return already;
  const needsKey = own.stewardKey === null || newlyRevoked(knownAccount(own), statements).length > 0;
  return planUpdate(state, identityKey, statements, needsKey ? planner.nextStewardKey(own) : null, planner);
}

function ownUpdate({
  identityKey,
  account,
}: Pick<Planner, "identityKey" | "account">): Extract<GroupAct, { readonly kind: "account-update" }> {
  return { kind: "account-update", identityKey, statements: [...account.statements.values()].map(statementForGroups) };
}

function planHandedOn(
  state: GroupState,
  act: Extract<GroupAct, { readonly kind: "account-update" }>,
  planner: Planner,
): ActPlan {
  return planUpdate(state, act.identityKey, act.statements, null, planner);
}

function planUpdate(
  state: GroupState,
  identityKey: Uint8Array,
  offered: readonly StatementWire[],
  stewardKey: Uint8Array | null,
  planner: Planner,
): ActPlan {
  const account = accountOf(state, identityKey);
  if (account === undefined || !isIn(account)) return already;
  const known = knownAccount(account);
  const fresh = offered.filter((wire) => {
    const verdict = verifyStatement(wire);
    return verdict.kind === "verified" && !known.statements.has(toHex(verdict.statement.hash));
  });
  if (fresh.length === 0 && stewardKey === null) return already;
  const revoked = newlyRevoked(known, fresh);
  const lastWords = revoked.length === 0 ? null : planner.lastWordsOf(identityKey, revoked);
  return does({ kind: "account-update", identityKey, statements: fresh, stewardKey, lastWords });
}

function knownAccount({ identityKey, statements }: GroupAccount): AccountState {
  const update = addStatements(emptyAccount(identityKey), statements.flatMap(verified));
  return update.kind === "updated" ? update.account : emptyAccount(identityKey);
}

function newlyRevoked(known: AccountState, fresh: readonly StatementWire[]): readonly Uint8Array[] {
  return fresh.flatMap(verified).flatMap(({ fact }) => {
    const isNew = fact.kind === "revoke" && !known.revoked.has(toHex(fact.signingKey));
    return isNew ? [fact.signingKey] : [];
  });
}

function verified(wire: StatementWire): readonly Statement[] {
  const verdict = verifyStatement(wire);
  return verdict.kind === "verified" ? [verdict.statement] : [];
}

function isFacilitatorNow(state: GroupState, { identityKey }: Planner): boolean {
  const account = accountOf(state, identityKey);
  return account !== undefined && isIn(account) && isFacilitator(account);
}

/** How core says why an entry would be void. What only a fault of this program could bring about has no word of its own. */
export function problemOfRefusal(reason: RefusalReason): HallProblem {
  return problemsOfRefusals.get(reason) ?? "server-refused";
}

const problemsOfRefusals: ReadonlyMap<RefusalReason, HallProblem> = new Map<RefusalReason, HallProblem>([
  ["not-a-member", "not-a-member"],
  ["device-revoked", "not-a-member"],
  ["device-not-certified", "not-a-member"],
  ["not-a-facilitator", "not-a-facilitator"],
  ["revocation-by-another", "not-a-facilitator"],
  ["no-facilitator-left", "last-facilitator"],
  ["target-not-in", "member-unknown"],
  ["removes-oneself", "member-unknown"],
  ["target-already-in", "member-already"],
  ["group-full", "group-full"],
  ["invite-unknown", "invite-unknown"],
  ["invite-ended", "invite-ended"],
  ["removed-before", "invite-ended"],
  ["invite-expired", "invite-expired"],
]);
