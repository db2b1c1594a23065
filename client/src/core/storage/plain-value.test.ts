import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodePlain, encodePlain } from "./plain-value.ts";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array));
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.string({ unit: "grapheme" }),
  bytes,
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ maxLength: 5 }).filter((name) => name !== "__proto__"),
      tie("value"),
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
  ),
}));

test("every plain value is read back as it was", () => {
  fc.assert(
    fc.property(value, (plain) => {
      expect(decodePlain(encodePlain(plain))).toEqual(plain);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("members that are undefined are left out, other values that cannot be kept are refused", () => {
  expect(decodePlain(encodePlain({ kept: 1, gone: undefined }))).toEqual({ kept: 1 });
  for (const strange of [undefined, () => 1, 1n, Symbol("s"), new Map(), new Date(0), [undefined]]) {
    expect(() => encodePlain(strange)).toThrow(TypeError);
  }
});

test("bytes cut short, followed by more, or claiming more than there is are refused", () => {
  const whole = encodePlain({ list: [1, "two", Uint8Array.of(3)] });
  for (let length = 0; length < whole.length; length++) {
    expect(() => decodePlain(whole.subarray(0, length))).toThrow(TypeError);
  }
  expect(() => decodePlain(Uint8Array.of(...whole, 0))).toThrow(TypeError);
  expect(() => decodePlain(Uint8Array.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0))).toThrow(TypeError);
});
