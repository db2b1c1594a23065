/** All keys that begin with `prefix`: from it, before the next one of its length. The prefix is not all 0xff. */
export function rangeOf(prefix: Uint8Array): { readonly from: Uint8Array; readonly before: Uint8Array } {
  const before = prefix.slice(0, prefix.findLastIndex((byte) => byte !== 0xff) + 1);
  before[before.length - 1] = (before.at(-1) ?? 0) + 1;
  return { from: prefix, before };
}

/** A position as 8 bytes that sort as the numbers do. @throws {RangeError} unless a safe integer from 0 */
export function positionBytes(position: number): Uint8Array {
  if (!Number.isSafeInteger(position) || position < 0) throw new RangeError("a position is a safe integer from 0");
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position));
  return bytes;
}

/** The position in the last 8 bytes of a key. */
export function positionIn(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset + key.length - 8, 8).getBigUint64(0));
}
