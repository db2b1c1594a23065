/** `rules` and `cut` (protocol section 5): what a group keeps, and for whom. */
import type { GroupState } from "./group-state.ts";
import { isInstant, withAllEnded } from "./invite-state.ts";
import { type EntryContext, fails, type Judged, notFacilitator, stands } from "./judgement.ts";
import { DAY_MILLISECONDS } from "./limits.ts";
import type { OperationOf } from "./operations.ts";

/** A stricter or looser history rule needs an era at once; under `from-joining` no instant invite stays open. */
export function judgeRules(state: GroupState, { rules }: OperationOf<"rules">, { entry }: EntryContext): Judged {
  const refusal = notFacilitator(state, entry.author);
  if (refusal !== null) return refusal;
  const needsEra = state.rules?.history !== rules.history;
  const next = { ...state, rules };
  if (rules.history === "all") return stands(next, { needsEra });
  return stands(withAllEnded(next, entry.index, "history", isInstant), { needsEra });
}

/** A day before the one named by an earlier `cut` brings nothing back. */
export function judgeCut(state: GroupState, { day }: OperationOf<"cut">, { entry, moment }: EntryContext): Judged {
  const refusal = notFacilitator(state, entry.author);
  if (refusal !== null) return refusal;
  if (day > Math.floor(moment / DAY_MILLISECONDS)) return fails("cut-in-future");
  return stands({ ...state, cutDay: Math.max(state.cutDay ?? 0, day) });
}
