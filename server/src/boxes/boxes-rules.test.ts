import { expect, test } from "vitest";
import { type Held, placeFor } from "./boxes-rules.ts";

const hash = (number: number): Uint8Array => Uint8Array.of(number);
const anybodys = (number: number): Held => ({ hash: hash(number), stewardKey: null });
const [ana, ben] = [Uint8Array.of(100), Uint8Array.of(101)];
const three = [1, 2, 3].map(anybodys);

test.each([
  ["the first", [], 1, null, "anybodys"],
  ["a third", [anybodys(1), anybodys(2)], 3, null, "anybodys"],
  ["a fourth", three, 4, null, "no-room"],
  ["one that is held", three, 2, null, "held"],
  ["a steward's, while there is room", [anybodys(1)], 2, ana, "anybodys"],
  ["a steward's, after three", three, 4, ana, "stewards"],
  ["a steward's second", [...three, { hash: hash(4), stewardKey: ana }], 5, ana, "no-room"],
  ["another steward's", [...three, { hash: hash(4), stewardKey: ana }], 5, ben, "stewards"],
  ["anybody's, where a steward's stands", [...three, { hash: hash(4), stewardKey: ana }], 5, null, "no-room"],
] as const)("%s", (_, held, number, stewardKey, expected) => {
  expect(placeFor(held, hash(number), stewardKey).kind).toBe(expected);
});
