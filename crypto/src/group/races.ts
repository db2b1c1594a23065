/** What a lost race leaves usable (protocol section 5, Entry). */
import { type GroupAccount, type GroupState, isIn, newestEra, roleOf } from "./group-state.ts";
import { liveInstantInvites } from "./invite-state.ts";
import { sameBytes } from "./same-bytes.ts";

/**
 * Whether boxes that were made for an entry on `mine` are still good for it on `now`, some entries later: nobody
 * changed a member, role, steward key, box key, instant invite, history rule or era. `moment`: of the entry.
 */
export function boxesStayGood(mine: GroupState, now: GroupState, moment: number): boolean {
  return (
    newestEra(mine)?.number === newestEra(now)?.number &&
    mine.rules?.history === now.rules?.history &&
    sameMembers(mine, now) &&
    sameInvites(mine, now, moment)
  );
}

function sameMembers(mine: GroupState, now: GroupState): boolean {
  if (mine.accounts.size !== now.accounts.size) return false;
  for (const [hex, account] of now.accounts) {
    const former = mine.accounts.get(hex);
    if (former === undefined || (former !== account && !sameStanding(former, account))) return false;
  }
  return true;
}

function sameStanding(a: GroupAccount, b: GroupAccount): boolean {
  if (isIn(a) !== isIn(b) || roleOf(a) !== roleOf(b) || a.stays.length !== b.stays.length) return false;
  if (a.boxKeys.length !== b.boxKeys.length) return false;
  if (a.stewardKey === null || b.stewardKey === null) return a.stewardKey === b.stewardKey;
  return sameBytes(a.stewardKey, b.stewardKey);
}

function sameInvites(mine: GroupState, now: GroupState, moment: number): boolean {
  const ids = (state: GroupState) =>
    liveInstantInvites(state, moment)
      .map(({ id }) => id.join())
      .toSorted()
      .join(";");
  return ids(mine) === ids(now);
}
