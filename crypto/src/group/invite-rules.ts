/** `invite` and `end-invite` (protocol sections 5 and 7). */
import { isUsableBoxKey } from "../primitives/box.ts";
import { isUsableLabelKey } from "../primitives/label-key.ts";
import type { GroupState } from "./group-state.ts";
import { closedReason, inviteOf, isInstant, withEnded, withInvite } from "./invite-state.ts";
import { type EntryContext, fails, type Fails, type Judged, memberOf, notFacilitator, stands } from "./judgement.ts";
import { MAX_INSTANT_MILLISECONDS, MAX_INSTANT_USES } from "./limits.ts";
import type { OperationOf } from "./operations.ts";

export function judgeInvite(state: GroupState, operation: OperationOf<"invite">, context: EntryContext): Judged {
  const { author, index } = context.entry;
  const refusal = notFacilitator(state, author);
  if (refusal !== null) return refusal;
  if (inviteOf(state, operation.id) !== undefined) return fails("invite-id-used");
  if (context.moment >= operation.expiry) return fails("invite-expired");
  const unfit = refusalOfInstant(state, operation, context.moment) ?? refusalOfKeys(operation);
  if (unfit !== null) return unfit;
  const { id, admission, expiry, uses, presets, requestKey, desk } = operation;
  const made = { maker: author, since: index, usesLeft: uses, ended: null };
  return stands(withInvite(state, { id, admission, expiry, uses, presets, requestKey, desk, ...made }));
}

/** Whoever holds an instant link walks in, so it stays narrow: no facilitator's role, 50 uses, 7 days, history `all`. */
function refusalOfInstant(state: GroupState, operation: OperationOf<"invite">, moment: number): Fails | null {
  if (operation.admission.kind !== "instant") return null;
  const isNarrow =
    state.rules?.history === "all" &&
    operation.presets.role === "member" &&
    operation.uses <= MAX_INSTANT_USES &&
    operation.expiry - moment <= MAX_INSTANT_MILLISECONDS;
  return isNarrow ? null : fails("instant-invite-limits");
}

function refusalOfKeys({ admission, desk }: OperationOf<"invite">): Fails | null {
  const ofInstant =
    admission.kind === "approval" ||
    (isUsableBoxKey(admission.keys.boxKey) && isUsableLabelKey(admission.keys.labelKey));
  return ofInstant && isUsableBoxKey(desk.boxKey) ? null : fails("unusable-key");
}

/** By a facilitator always; by another member only once uses are spent or the expiry has passed. An ended one stays as it ended. */
export function judgeEndInvite(state: GroupState, { id }: OperationOf<"end-invite">, context: EntryContext): Judged {
  const { author, index } = context.entry;
  if (memberOf(state, author) === undefined) return fails("not-a-member");
  const invite = inviteOf(state, id);
  if (invite === undefined) return fails("invite-unknown");
  const isOver = invite.usesLeft === 0 || context.moment >= invite.expiry;
  if (!isOver && notFacilitator(state, author) !== null) return fails("invite-still-open");
  if (invite.ended !== null) return stands(state);
  const hasExpired = closedReason(invite, context.moment) === "invite-expired";
  const next = withEnded(state, invite, index, hasExpired ? "expired" : "by-hand");
  return stands(next, { needsEra: isInstant(invite) && !hasExpired });
}
