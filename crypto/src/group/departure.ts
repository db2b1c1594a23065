/** Losing standing: `remove`, `leave`, `role` (protocol section 5). What is taken away carries last words. */
import { type GroupAccount, type GroupState, isFacilitator, type Stay } from "./group-state.ts";
import { isInstant, withAllEnded, withDue } from "./invite-state.ts";
import { type EntryContext, fails, type Judged, memberOf, notFacilitator, stands, withAccount } from "./judgement.ts";
import { withWords } from "./last-words.ts";
import type { OperationOf } from "./operations.ts";
import { sameBytes } from "./same-bytes.ts";

export function judgeRemove(state: GroupState, operation: OperationOf<"remove">, { entry }: EntryContext): Judged {
  const refusal = notFacilitator(state, entry.author);
  if (refusal !== null) return refusal;
  const { identityKey, lastWords } = operation;
  if (sameBytes(identityKey, entry.author)) return fails("removes-oneself");
  const account = memberOf(state, identityKey);
  if (account === undefined) return fails("target-not-in");
  const gone = withWords(withStayEnded(account, entry.index, "removed"), entry.index, "all", lastWords);
  const next = withAllEnded(
    withAccount(state, gone),
    entry.index,
    "removal",
    (invite) => isInstant(invite) || sameBytes(invite.maker, identityKey),
  );
  return stands(next, { needsEra: true });
}

export function judgeLeave(state: GroupState, operation: OperationOf<"leave">, { entry }: EntryContext): Judged {
  const { author, index } = entry;
  const account = memberOf(state, author);
  if (account === undefined) return fails("not-a-member");
  const gone = withWords(withStayEnded(account, index, "left"), index, "all", operation.lastWords);
  const due = withDue(withAccount(state, gone), { kind: "left", index, identityKey: author });
  return stands(withAllEnded(due, index, "leave", isInstant), { mayFollow: "nothing" });
}

/** The role that somebody has already is given once more without effect. */
export function judgeRole(state: GroupState, operation: OperationOf<"role">, { entry }: EntryContext): Judged {
  const refusal = notFacilitator(state, entry.author);
  if (refusal !== null) return refusal;
  const { identityKey, role, lastWords } = operation;
  const account = memberOf(state, identityKey);
  if (account === undefined) return fails("target-not-in");
  const loses = isFacilitator(account) && role === "member";
  if (!loses) {
    if (lastWords !== null) return fails("last-words-misplaced");
    return stands(isFacilitator(account) || role === "member" ? state : withRole(state, account, entry.index));
  }
  if (lastWords === null) return fails("last-words-missing");
  const demoted = withWords(withRoleEnded(account, entry.index), entry.index, "role", lastWords);
  const isOwn = sameBytes(identityKey, entry.author);
  return stands(withAccount(state, demoted), { needsEra: true, mayFollow: isOwn ? "only-era" : "anything" });
}

function withRole(state: GroupState, account: GroupAccount, index: number): GroupState {
  return withAccount(state, { ...account, facilitations: [...account.facilitations, { from: index, until: null }] });
}

function withRoleEnded(account: GroupAccount, index: number): GroupAccount {
  const facilitations = account.facilitations.map((time) => (time.until === null ? { ...time, until: index } : time));
  return { ...account, facilitations };
}

function withStayEnded(account: GroupAccount, index: number, ended: Stay["ended"]): GroupAccount {
  const stays = account.stays.map((stay) => (stay.until === null ? { ...stay, until: index, ended } : stay));
  return { ...withRoleEnded(account, index), stays };
}
