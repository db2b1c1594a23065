/** Whom the server obeys (protocol section 5, Steward keys). */
import { compareBytes } from "../primitives/bytes.ts";
import { type GroupState, isFacilitator } from "./group-state.ts";
import { sameBytes } from "./same-bytes.ts";

/** The list that the server must hold: the facilitators' steward keys (32 bytes each), ascending. */
export function stewardListOf(state: GroupState): readonly Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const account of state.accounts.values())
    if (isFacilitator(account) && account.stewardKey !== null) keys.push(account.stewardKey);
  return keys.toSorted(compareBytes);
}

/** Whether two lists hold the same keys in the same order. */
export function sameStewards(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((key, at) => sameBytes(key, b[at] ?? new Uint8Array()));
}

/**
 * Whether an account may have this steward key: nobody else has or had it, and it was not replaced or struck. A
 * member who took over a facilitator's key could otherwise keep it listed after that facilitator's device was revoked.
 */
export function isStewardKeyFree(state: GroupState, identityKey: Uint8Array, stewardKey: Uint8Array): boolean {
  for (const account of state.accounts.values()) {
    if (account.spentStewardKeys.some((spent) => sameBytes(spent, stewardKey))) return false;
    const isHeld = account.stewardKey !== null && sameBytes(account.stewardKey, stewardKey);
    if (isHeld && !sameBytes(account.identityKey, identityKey)) return false;
  }
  return true;
}
