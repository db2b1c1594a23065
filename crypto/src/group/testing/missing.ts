/** For `value ?? missing()`: ends a test that lacks what it needs. */
export function missing(): never {
  throw new RangeError("a test lacks what it needs");
}
