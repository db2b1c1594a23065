import { utf8Length, type GroupInvite, type GroupState } from "@unionhall/crypto";
import { HallError, type HallProblem } from "../problems.ts";
import type { Invite, MakeInvite } from "./invites-door.ts";

/** What may be asked for, and what an invite's state is called; all of it pure. */

const dayMilliseconds = 24 * 60 * 60 * 1000;
const limits = {
  approval: { uses: 1_000, days: 90 },
  instant: { uses: 50, days: 7 },
} as const;
/** Bytes of a note, a guest's or one's own. */
export const noteMaxBytes = 2_000;
/** Bytes of a name in a preview or a request. */
export const nameMaxBytes = 256;

/**
 * @throws HallError `number-out-of-range` (also for an instant invite where newcomers do not get the whole history: protocol section 7 knows
 * none there), `note-too-long`
 */
export function checkMakeInvite(input: MakeInvite, history: "all" | "from-joining"): void {
  const { uses, days } = limits[input.mode];
  if (input.mode === "instant" && history !== "all")
    throw new HallError("number-out-of-range", "instant invites are for groups that show newcomers the whole history");
  if (!isWithin(input.uses, uses)) throw new HallError("number-out-of-range", `such an invite has 1 to ${uses} uses`);
  if (!isWithin(input.expiresInDays, days))
    throw new HallError("number-out-of-range", `such an invite lasts 1 to ${days} days`);
  checkNote(input.note);
}

/** @throws HallError `note-too-long` */
export function checkNote(note: string): void {
  if (utf8Length(note) > noteMaxBytes) throw new HallError("note-too-long", `a note has at most ${noteMaxBytes} bytes`);
}

function isWithin(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most;
}

/** When an invite that is made now ends. An instant one a little before the seven days, so that no clock finds it too long. */
export function expiryOf({ mode, expiresInDays }: MakeInvite, now: number): number {
  const days = expiresInDays * dayMilliseconds;
  return now + (mode === "instant" && expiresInDays === limits.instant.days ? days - dayMilliseconds / 24 : days);
}

/**
 * The first day on which the desk is gone: a week after the expiry, so that whoever comes late is told that the invite has expired, and not that
 * there is none.
 */
export function deskExpiryDay(expiry: number): number {
  return Math.floor(expiry / dayMilliseconds) + 8;
}

/** `now` in milliseconds since 1970. */
export function stateOf(invite: GroupInvite, now: number): Invite["state"] {
  if (invite.ended === null) return now >= invite.expiry ? "expired" : "open";
  const { cause } = invite.ended;
  return cause === "spent" || cause === "expired" ? cause : "ended";
}

/** @throws HallError `invite-unknown`, `invite-ended`, `invite-expired`, `invite-spent` */
export function openInvite(state: GroupState, inviteId: string, now: number): GroupInvite {
  const invite = state.invites.get(inviteId);
  if (invite === undefined) throw new HallError("invite-unknown", "the group has no such invite");
  const verdict = stateOf(invite, now);
  if (verdict === "open") return invite;
  throw new HallError(closedProblems[verdict], `the invite is ${verdict}`);
}

const closedProblems = {
  ended: "invite-ended",
  expired: "invite-expired",
  spent: "invite-spent",
} as const satisfies Readonly<Record<Exclude<Invite["state"], "open">, HallProblem>>;

/** As much of a text as fits, whole characters, well-formed. */
export function fitting(text: string, maxBytes: number): string {
  const wellFormed = text.toWellFormed();
  if (utf8Length(wellFormed) <= maxBytes) return wellFormed;
  let fits = "";
  let bytes = 0;
  for (const character of wellFormed) {
    bytes += utf8Length(character);
    if (bytes > maxBytes) break;
    fits += character;
  }
  return fits;
}
