/** Why the body of a record is not there (protocol sections 5 and 6): each reason is proven, or it is withheld. */
import type { GroupState } from "../group/group-state.ts";
import { erasCut } from "../group/era-due.ts";
import { toHex } from "../primitives/bytes.ts";
import type { RecordFacts } from "./record-facts.ts";
import type { ClosedReason } from "./verdict.ts";

/**
 * Why a record's body is gone. `erasedBy` is the steward key of the signed command that the server showed; `today`
 * in days since 1970.
 */
export function whyGone(
  group: GroupState,
  { era, expires }: Pick<RecordFacts, "era" | "expires">,
  erasedBy: string | null,
  today: number,
): ClosedReason {
  if (erasedBy !== null && isStewardKey(group, erasedBy)) return "erased";
  if (expires !== null && expires <= today) return "expired";
  return era < erasCut(group) ? "cut" : "withheld";
}

/**
 * Why a record whose bytes are there cannot be opened: its content key did not come to this reader. Where every link
 * since then hands on content keys, it should have.
 */
export function whyLocked(group: GroupState, { era }: Pick<RecordFacts, "era">): ClosedReason {
  if (era < erasCut(group)) return "cut";
  const isHandedOn = group.eras.slice(era + 1).every(({ linksContent }) => linksContent);
  return isHandedOn ? "withheld" : "before-joining";
}

/** Whether this steward key (hexadecimal) is or was that of a member who is or was facilitator. */
function isStewardKey(group: GroupState, key: string): boolean {
  for (const { facilitations, stewardKey, spentStewardKeys } of group.accounts.values()) {
    if (facilitations.length === 0) continue;
    const keys = stewardKey === null ? spentStewardKeys : [stewardKey, ...spentStewardKeys];
    if (keys.some((known) => toHex(known) === key)) return true;
  }
  return false;
}
