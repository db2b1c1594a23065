import type { EngineParts } from "../engine.ts";
import type { Account } from "../session/account.ts";
import type { Self } from "./verdict-change.ts";

/** What groups take from outside. */
export type GroupParts = Pick<
  EngineParts,
  "origin" | "api" | "clock" | "random" | "account" | "vault" | "store" | "live" | "emit" | "stop" | "profile"
>;

export function selfOf(parts: { readonly account: Account; readonly clock: GroupParts["clock"] }): Self {
  const { account, clock } = parts;
  return { identityKey: account.identityKey, device: account.device.signing.publicKey, now: clock.now() };
}
