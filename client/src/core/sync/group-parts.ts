import type { EngineParts } from "../engine.ts";
import type { Self } from "./verdict-change.ts";

/** What groups take from outside. */
export type GroupParts = Pick<
  EngineParts,
  "origin" | "api" | "clock" | "random" | "account" | "vault" | "store" | "live" | "emit" | "stop" | "profile"
>;

export function selfOf({ account, clock, vault }: Pick<GroupParts, "account" | "clock" | "vault">): Self {
  return {
    identityKey: account.identityKey,
    device: account.device.signing.publicKey,
    now: clock.now(),
    recoveredFrom: vault.recoveredFrom(),
  };
}
