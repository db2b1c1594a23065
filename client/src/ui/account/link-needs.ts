import type { Failure } from "../problems/failure.ts";

const brokenOrOver: ReadonlySet<Failure> = new Set([
  "link-malformed",
  "link-other-hall",
  "invite-unknown",
  "invite-ended",
  "invite-expired",
  "invite-spent",
  "setup-link-used",
]);

/** Nobody should go on with it at all, or there is nothing left to ask for. */
const final: ReadonlySet<Failure> = new Set([
  "invite-forged",
  "server-lies",
  "member-already",
  "request-refused",
  "already-asked",
]);

/** What helps when a link leads nowhere: with the same link, the same can come back for ever. */
export function linkNeeds(failure: Failure): "another-try" | "another-link" | "nothing" {
  if (brokenOrOver.has(failure)) return "another-link";
  return final.has(failure) ? "nothing" : "another-try";
}
