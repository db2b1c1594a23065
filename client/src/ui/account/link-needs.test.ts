import { expect, test } from "vitest";
import { linkNeeds } from "./link-needs.ts";

test("a link that is broken, over or used up is asked for anew; what the network did is tried again; a forged one ends here", () => {
  for (const problem of ["link-malformed", "invite-unknown", "invite-ended", "invite-expired", "invite-spent"] as const)
    expect([problem, linkNeeds(problem)]).toEqual([problem, "another-link"]);
  for (const problem of ["offline", "server-busy", "server-refused", "timed-out", "unexpected"] as const)
    expect([problem, linkNeeds(problem)]).toEqual([problem, "another-try"]);
  for (const problem of ["invite-forged", "server-lies"] as const)
    expect([problem, linkNeeds(problem)]).toEqual([problem, "nothing"]);
});
