import { Type } from "typebox";
import { expect, test } from "vitest";
import {
  fromWire,
  toWire,
  WireBytes,
  WireBytesUpTo,
  WireCount,
  WireError,
  WireList,
  WireNullable,
  WireVariant,
} from "./wire.ts";

const Leaf = Type.Object({ id: WireBytes(2), note: WireNullable(WireBytesUpTo(3)) });
const Tree = Type.Object({ kind: Type.Literal("tree"), size: WireCount(9), leaves: WireList(Leaf, 2) });
const Stone = Type.Object({ kind: Type.Literal("stone"), grey: Type.Boolean() });
const Thing = WireVariant(Tree, Stone);

const id = Uint8Array.of(1, 2);
const tree = { kind: "tree" as const, size: 4, leaves: [{ id, note: null }] };

test("a structure becomes the array of its members in the order of its schema, at every depth", () => {
  expect(toWire(Thing, tree)).toEqual(["tree", 4, [[id, null]]]);
  expect(toWire(Thing, { grey: true, kind: "stone" })).toEqual(["stone", true]);
});

test("what toWire made is read back as it was", () => {
  expect(fromWire(Thing, toWire(Thing, tree))).toEqual(tree);
});

test.each([
  ["another kind", ["bush", 4, []]],
  ["no kind", []],
  ["not an array", { kind: "tree" }],
  ["a member too few", ["tree", 4]],
  ["a member too many", ["tree", 4, [], null]],
  ["a number above its maximum", ["tree", 10, []]],
  ["a negative number", ["tree", -1, []]],
  ["a fraction", ["tree", 0.5, []]],
  ["a number as text", ["tree", "4", []]],
  [
    "a list too long",
    [
      "tree",
      4,
      [
        [id, null],
        [id, null],
        [id, null],
      ],
    ],
  ],
  ["bytes of another length", ["tree", 4, [[Uint8Array.of(1), null]]]],
  ["bytes above their maximum", ["tree", 4, [[id, new Uint8Array(4)]]]],
  ["null where nothing may be absent", ["tree", 4, [[null, null]]]],
  ["a number for true", ["stone", 1]],
])("%s is refused", (_, wire) => {
  expect(() => fromWire(Thing, wire)).toThrow(WireError);
});
