/** When a new era is due (protocol section 5, When), for the clients of facilitators. */
import type { EraDueReason, GroupState } from "./group-state.ts";
import { membersOf, newestEra } from "./group-state.ts";
import { isInstant } from "./invite-state.ts";
import { DAY_MILLISECONDS } from "./limits.ts";

/** The longest an era lasts: a week, in milliseconds. */
export const ERA_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;
/** How long a facilitator's client waits at most, at random, before it settles what is due: milliseconds. */
export const ERA_DELAY_MILLISECONDS = 60_000;
/** Above so many accounts an era starts at most hourly. */
export const HOURLY_ABOVE_ACCOUNTS = 200;
const HOUR_MILLISECONDS = 60 * 60 * 1000;

export interface EraDue {
  /** Empty when none is due. */
  readonly reasons: readonly (EraDueReason | { readonly kind: "weekly" })[];
  /** Not to be settled before this moment, milliseconds since 1970. */
  readonly notBefore: number;
}

/** Why a new era is due at `now` (milliseconds since 1970), and from when on it may be started. */
export function eraDueAt(state: GroupState, now: number): EraDue {
  const newest = newestEra(state);
  if (newest === null) return { reasons: [], notBefore: now };
  const isWeekOld = now - newest.startedAt >= ERA_MILLISECONDS;
  const isLarge = membersOf(state).length > HOURLY_ABOVE_ACCOUNTS;
  return {
    reasons: isWeekOld ? [...state.eraDue, { kind: "weekly" }] : state.eraDue,
    notBefore: isLarge ? Math.min(newest.startedAt, now) + HOUR_MILLISECONDS : now,
  };
}

/** Ids (16 bytes) of invites whose expiry has passed and that nobody has ended yet: for `end-invite`. */
export function invitesToEnd(state: GroupState, now: number): readonly Uint8Array[] {
  return [...state.invites.values()]
    .filter((invite) => invite.ended === null && now >= invite.expiry)
    .toSorted((a, b) => Number(isInstant(b)) - Number(isInstant(a)))
    .map(({ id }) => id);
}

/**
 * How many eras, from 0 on, ended before the day of the latest `cut`: clients delete their content keys. It is
 * also the first era kept, as a steward's `cut` command names it.
 */
export function erasCut({ cutDay, eras }: GroupState): number {
  if (cutDay === null) return 0;
  const cutMoment = cutDay * DAY_MILLISECONDS;
  const firstKept = eras.findIndex(({ number }) => (eras[number + 1]?.startedAt ?? cutMoment) >= cutMoment);
  return Math.max(firstKept, 0);
}
