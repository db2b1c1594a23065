import { groupLimits } from "../contract/group-limits.ts";

/** One of the boxes under a label, or of the links of an era. */
export interface Held {
  readonly hash: Uint8Array;
  /** Whose own place it stands in; null: one of the places for anybody. */
  readonly stewardKey: Uint8Array | null;
}

export type Place =
  | { readonly kind: "held" }
  | { readonly kind: "anybodys" }
  | { readonly kind: "stewards"; readonly stewardKey: Uint8Array }
  | { readonly kind: "no-room" };

/**
 * Where one more box or link goes (protocol section 4): nothing is ever overwritten; three different ones from anybody, and one more per
 * steward key. So nobody can crowd out what a facilitator adds.
 */
export function placeFor(held: readonly Held[], hash: Uint8Array, stewardKey: Uint8Array | null): Place {
  if (held.some((one) => Buffer.compare(one.hash, hash) === 0)) return { kind: "held" };
  const anybodys = held.filter((one) => one.stewardKey === null).length;
  if (anybodys < groupLimits.candidates) return { kind: "anybodys" };
  if (stewardKey === null) return { kind: "no-room" };
  const isUsed = held.some((one) => one.stewardKey !== null && Buffer.compare(one.stewardKey, stewardKey) === 0);
  return isUsed ? { kind: "no-room" } : { kind: "stewards", stewardKey };
}
