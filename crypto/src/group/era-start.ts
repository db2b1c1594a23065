/** `era` (protocol section 5): the last operation of an entry, after which a new era begins. */
import { isUsableLabelKey } from "../primitives/label-key.ts";
import type { GroupEra, GroupState } from "./group-state.ts";
import { type EntryContext, fails, type Judged, type MayFollow, notFacilitator, stands } from "./judgement.ts";
import type { OperationOf } from "./operations.ts";

/** `following`: what may follow the operation before. After one's own demotion the era is judged by the standing before it. */
export function judgeEra(
  state: GroupState,
  operation: OperationOf<"era">,
  context: EntryContext,
  following: MayFollow,
): Judged {
  const { entry, before } = context;
  if (entry.operations.at(-1) !== operation) return fails("era-not-last");
  const refusal = notFacilitator(following === "only-era" ? before : state, entry.author);
  if (refusal !== null) return refusal;
  if (operation.number !== state.eras.length) return fails("wrong-era-number");
  if (!isUsableLabelKey(operation.labelKey)) return fails("unusable-key");
  const { number, eraCommitment, contentCommitment, passKey, labelKey } = operation;
  const era: GroupEra = {
    number,
    startIndex: entry.index,
    startedAt: entry.time,
    moment: context.moment,
    startedBy: entry.author,
    eraCommitment,
    contentCommitment,
    passKey,
    labelKey,
    history: state.rules?.history ?? "all",
    linksContent: linksContent(state, context),
  };
  return stands({ ...state, eras: [...state.eras, era], eraDue: [] });
}

/**
 * Whether the new era's link may hand on the content key before it: where history is `all` before and after the entry;
 * otherwise only if the entry neither admits anybody nor loosens the rule.
 */
function linksContent(state: GroupState, { before, entry }: EntryContext): boolean {
  if (before.rules === null) return false;
  const was = before.rules.history;
  const is = state.rules?.history;
  if (was === "all" && is === "all") return true;
  const admits = entry.operations.some(({ kind }) => kind === "admit" || kind === "join");
  const loosens = was === "from-joining" && is === "all";
  return !admits && !loosens;
}
