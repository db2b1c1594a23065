import { HallError, type HallProblem } from "../problems.ts";
import type { KeySlotContent } from "./key-slot.ts";
import type { OpenSession } from "./open-session.ts";

/** How it stands with the account on this device. */
export type Phase =
  | { readonly kind: "empty" }
  | { readonly kind: "evicted" }
  | { readonly kind: "locked"; readonly slot: KeySlotContent }
  | { readonly kind: "open"; readonly slot: KeySlotContent; readonly session: OpenSession }
  | { readonly kind: "in-use-elsewhere" }
  | { readonly kind: "closed" };

/** Why a phase that is not open refuses what needs an account. */
export function whyNotOpen({ kind }: Phase): HallError {
  const [problem, detail] = reasons[kind];
  return new HallError(problem, detail);
}

const reasons: Readonly<Record<Phase["kind"], readonly [HallProblem, string]>> = {
  empty: ["no-account", "there is no account on this device"],
  open: ["account-exists", "there is an account on this device"],
  locked: ["locked", "this device is locked"],
  evicted: ["storage-evicted", "this device's storage was thrown away"],
  "in-use-elsewhere": ["in-use-elsewhere", "another tab or program uses this device"],
  closed: ["in-use-elsewhere", "this program has let go of the device"],
};
