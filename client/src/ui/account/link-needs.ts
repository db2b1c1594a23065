import type { Failure } from "../problems/failure.ts";

/** What helps when a link leads nowhere: with the same link, the same can come back for ever. */
export function linkNeeds(failure: Failure): "another-try" | "another-link" | "nothing" {
  switch (failure) {
    case "link-malformed":
    case "link-other-hall":
    case "invite-unknown":
    case "invite-ended":
    case "invite-expired":
    case "invite-spent":
    case "setup-link-used":
      return "another-link";
    // Here nobody should go on at all, or there is nothing left to ask for.
    case "invite-forged":
    case "server-lies":
    case "member-already":
    case "request-refused":
    case "already-asked":
      return "nothing";
    default:
      return "another-try";
  }
}
