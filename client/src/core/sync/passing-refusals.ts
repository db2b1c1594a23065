import type { ProblemCode } from "@unionhall/server/contract";

/** The server could not do it now, or not so soon; the same request is sent again after a pause. What it did is not known for sure. */
export const passing: ReadonlySet<ProblemCode> = new Set([
  "chain-reserved",
  "too-many-requests",
  "hall-closing",
  "database-unreachable",
  "internal-error",
]);

/** The connection does not follow the group (any more): it is subscribed anew, and then the request is sent again. */
export const unsubscribed: ReadonlySet<ProblemCode> = new Set(["not-subscribed", "token-ended", "token-required"]);
