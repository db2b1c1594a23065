import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, testCodec, testStructure, textOf } from "../testing/codec-laws.ts";
import { compareBytes, fromHex } from "./bytes.ts";
import { decodeData, encodeData, MAX_ITEMS } from "./cbor.ts";
import {
  anyData,
  bool,
  bytes,
  type Data,
  decode,
  encode,
  list,
  nullable,
  sortedSet,
  struct,
  structure,
  text,
  uint,
  variant,
  word,
} from "./encoding.ts";
import { EncodingError } from "./errors.ts";

const sample = structure("test-sample", 4096, {
  id: bytes(4),
  blob: bytes({ max: 300 }),
  title: text({ maxBytes: 200 }),
  count: uint(),
  open: bool(),
  note: nullable(text({ minBytes: 1, maxBytes: 40 })),
  role: word("facilitator", "member"),
  ids: sortedSet(bytes(2), { max: 4 }),
  acts: list(variant({ admit: struct({ who: bytes(2) }), leave: struct({}) }), { max: 3 }),
});

testStructure("a structure of every field", sample, {
  values: fc.record({
    id: bytesOf(4),
    blob: bytesOf({ min: 0, max: 300 }),
    title: textOf(200),
    count: fc.maxSafeNat(),
    open: fc.boolean(),
    note: fc.constantFrom(null, "x", "é"),
    role: fc.constantFrom("facilitator" as const, "member" as const),
    ids: fc.uniqueArray(bytesOf(2), { maxLength: 4, selector: String }),
    acts: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("admit" as const), who: bytesOf(2) }),
        fc.record({ kind: fc.constant("leave" as const) }),
      ),
      { maxLength: 3 },
    ),
  }),
  normal: (value) => ({ ...value, ids: value.ids.toSorted(compareBytes) }),
  smallest: {
    id: new Uint8Array(4),
    blob: new Uint8Array(),
    title: "",
    count: 0,
    open: false,
    note: null,
    role: "member",
    ids: [Uint8Array.of(1, 2)],
    acts: [{ kind: "leave" }],
  },
});

const data: fc.Arbitrary<Data> = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeNat(),
    fc.boolean(),
    fc.constant(null),
    bytesOf({ min: 0, max: 30 }),
    textOf(60),
    fc.array(tie("data"), { maxLength: 4 }),
  ),
})).data;
testCodec("anything that can stand in a structure", anyData(), 65_536, { values: data, smallest: [0], runs: 300 });

function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EncodingError) return error.reason;
  }
  return "accepted";
}

const refusals: readonly (readonly [string, string, string])[] = [
  ["a map", "a0", "malformed"],
  ["a negative number", "20", "malformed"],
  ["a float", "f93c00", "malformed"],
  ["undefined", "f7", "malformed"],
  ["a tag", "c000", "malformed"],
  ["a wide number", "1817", "not-canonical"],
  ["a wide length", "590001ff", "not-canonical"],
  ["2^53", "1b0020000000000000", "malformed"],
  ["bad UTF-8", "61ff", "malformed"],
  ["overlong UTF-8", "62c080", "malformed"],
  ["a surrogate in UTF-8", "63eda080", "malformed"],
  ["a length that nothing follows", "9a7fffffff", "malformed"],
  ["nothing", "", "malformed"],
  ["two values", "0000", "malformed"],
];
for (const [what, hex, reason] of refusals) {
  test(`${what} is refused`, () => {
    expect(reasonOf(() => decodeData(fromHex(hex), 100))).toBe(reason);
  });
}

function nested(depth: number): Uint8Array {
  return Uint8Array.from([...new Uint8Array(depth).fill(0x81), 0]);
}

test("sixteen arrays deep is read, seventeen is not", () => {
  expect(reasonOf(() => decodeData(nested(16), 100))).toBe("accepted");
  expect(reasonOf(() => decodeData(nested(17), 100))).toBe("too-deep");
  const deep: Data = Array.from({ length: 17 }).reduce<Data>((inner) => [inner], 0);
  expect(reasonOf(() => encodeData(deep))).toBe("too-deep");
});

test("as many values as the limit are read and written, one more is not, wherever they stand", () => {
  const shapes: Readonly<Record<string, (items: number) => Data>> = {
    "in one array": (items) => Array.from({ length: items - 1 }, () => 0),
    "empty arrays": (items) => Array.from({ length: items - 1 }, () => []),
    "in arrays of arrays": (items) => [Array.from({ length: items - 4 }, () => new Uint8Array()), [true]],
  };
  for (const [shape, of] of Object.entries(shapes)) {
    for (const limit of [10, 1000, MAX_ITEMS]) {
      const verdicts = [limit - 1, limit, limit + 1].map((items) => [
        reasonOf(() => decodeData(encodeData(of(items), limit + 1), 1 << 20, limit)),
        reasonOf(() => encodeData(of(items), limit)),
      ]);
      const [read, refused] = [["accepted", "accepted"], Array.from({ length: 2 }, () => "too-many-items")];
      expect([shape, ...verdicts]).toEqual([shape, read, read, refused]);
    }
    const overDefault = encodeData(of(MAX_ITEMS + 1), MAX_ITEMS + 1);
    expect(reasonOf(() => decodeData(overDefault, 1 << 20))).toBe("too-many-items");
  }
  expect(reasonOf(() => decodeData(Uint8Array.of(0), 1, 0))).toBe("too-many-items");
});

test("a text keeps a leading byte order mark", () => {
  expect(decodeData(encodeData("\uFEFFtitle"), 100)).toBe("\uFEFFtitle");
});

test("what cannot be read cannot be written", () => {
  const bad: readonly Data[] = [-1, 1.5, 2 ** 53, Number.NaN, -0, "\uD800"];
  for (const value of bad) expect(reasonOf(() => encodeData(value))).toBe("wrong-shape");
  const small = structure("test-small", 30, { note: text({ maxBytes: 100 }) });
  expect(reasonOf(() => encode(small, { note: "x".repeat(50) }))).toBe("too-large");
  expect(reasonOf(() => encode(small, { note: "é".repeat(60) }))).toBe("wrong-shape");
});

test("the bytes that are read are copies, also out of a Buffer", () => {
  const wire = Buffer.from(encode(structure("test-copy", 100, { id: bytes(2) }), { id: Uint8Array.of(7, 7) }));
  const { id } = decode(structure("test-copy", 100, { id: bytes(2) }), wire);
  wire.fill(0);
  expect(id).toStrictEqual(Uint8Array.of(7, 7));
});

test("a set in another order, or with one item twice, is refused", () => {
  const set = structure("test-set", 100, { ids: sortedSet(uint(), { max: 5 }) });
  const raw = (...ids: readonly number[]): Uint8Array => encodeData([set.label, ids]);
  expect(decode(set, raw(1, 2, 300)).ids).toStrictEqual([1, 2, 300]);
  expect(reasonOf(() => decode(set, raw(2, 1)))).toBe("wrong-shape");
  expect(reasonOf(() => decode(set, raw(1, 1)))).toBe("wrong-shape");
  expect(reasonOf(() => encode(set, { ids: [1, 1] }))).toBe("wrong-shape");
});

test("what is written stands alone in its own memory", () => {
  for (const values of [[1], [new Uint8Array(3000), "x".repeat(300)]] satisfies readonly Data[]) {
    const encoded = encodeData(values);
    expect(Object.getPrototypeOf(encoded)).toBe(Uint8Array.prototype);
    expect(encoded.buffer.byteLength).toBe(encoded.length);
  }
});
