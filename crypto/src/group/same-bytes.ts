import { compareBytes } from "../primitives/bytes.ts";

/**
 * Whether two public byte strings are equal. For what everybody in the group knows (keys, hashes, ids); secrets are
 * compared in constant time by `equalBytes`.
 */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}
