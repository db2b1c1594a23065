/**
 * Laws that every codec and every signed, sealed or boxed type keeps (protocol section 2). Each function registers
 * vitest tests; call it at the top level of a test file.
 *
 *     testStructure("statement", statementStructure, { values: fc.record({…}), smallest });
 *     testTamperProof("signed statement", { example: wire, open: (bytes) => openSigned(…) });
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { concat, toHex } from "../primitives/bytes.ts";
import { encodeData, MAX_DEPTH } from "../primitives/cbor.ts";
import { type Codec, decode, decodeWithin, encode, encodeWithin, type Structure } from "../primitives/encoding.ts";
import { EncodingError, KeyError, OpenError, SignatureError } from "../primitives/errors.ts";
import {
  bitFlips,
  deepNestings,
  extensions,
  type Mutation,
  nestedItems,
  nonCanonicalForms,
  truncations,
} from "./cbor-mutations.ts";

interface Examples<T> {
  /** Values of every shape the type has. */
  readonly values: fc.Arbitrary<T>;
  /** The smallest value, for the laws that try every byte. */
  readonly smallest: T;
  /** What is read where it is not what was written: sets come back sorted. */
  readonly normal?: (value: T) => T;
  /** How many values are tried; 50 unless told. */
  readonly runs?: number;
}

/** The laws of a labelled structure: those of {@link testCodec}, and that labels and versions are looked at. */
export function testStructure<T>(name: string, structure: Structure<T>, examples: Examples<T>): void {
  const bytes = (): Uint8Array => encode(structure, examples.smallest);
  testForm(
    name,
    structure.maxBytes,
    examples,
    (value) => encode(structure, value),
    (encoded) => decode(structure, encoded),
  );

  test(`${name}: a version not known is refused as such`, () => {
    for (const version of ["v2", "v10", "v99"]) {
      const renamed = relabelled(bytes(), structure.label, structure.label.replace("/v1/", `/${version}/`));
      expect(() => decode(structure, renamed)).toThrow(new EncodingError("unknown-version"));
    }
  });

  test(`${name}: another label is refused`, () => {
    for (const label of ["", "unionhall/v1/", `${structure.label}x`, structure.label.slice(10), "unionhall/v01/x"]) {
      const renamed = relabelled(bytes(), structure.label, label);
      expect(() => decode(structure, renamed)).toThrow(new EncodingError("wrong-label"));
    }
  });

  test(`${name}: more bytes than its limit are refused before they are read`, () => {
    const tooLarge = new Uint8Array(structure.maxBytes + 5);
    tooLarge.set([0x5a, 0x7f, 0xff, 0xff, 0xff]);
    expect(() => decode(structure, tooLarge)).toThrow(new EncodingError("too-large"));
  });
}

/** The laws of a form without a label. `maxBytes`: the limit under which it is read. */
export function testCodec<T>(name: string, codec: Codec<T>, maxBytes: number, examples: Examples<T>): void {
  testForm(
    name,
    maxBytes,
    examples,
    (value) => encodeWithin(codec, value, maxBytes),
    (encoded) => decodeWithin(codec, encoded, maxBytes),
  );
}

function testForm<T>(
  name: string,
  maxBytes: number,
  { values, smallest, normal = (value) => value, runs = 50 }: Examples<T>,
  write: (value: T) => Uint8Array,
  read: (encoded: Uint8Array) => T,
): void {
  const accepted = (mutations: readonly Mutation[]): readonly string[] =>
    mutations.filter(({ bytes }) => !(refusal(() => read(bytes)) instanceof EncodingError)).map(({ what }) => what);

  test(`${name}: what is written is read again, and has one encoding`, () => {
    const property = fc.property(values, (value) => {
      const encoded = write(value);
      expect(comparable(read(encoded))).toStrictEqual(comparable(normal(value)));
      expect(toHex(write(read(encoded)))).toBe(toHex(encoded));
    });
    fc.assert(property, { seed: 1, numRuns: runs });
    expect(comparable(read(write(smallest)))).toStrictEqual(comparable(normal(smallest)));
  });

  test(`${name}: truncated or followed by more, it is refused`, () => {
    expect(accepted(truncations(write(smallest)))).toStrictEqual([]);
    expect(accepted(extensions(write(smallest)))).toStrictEqual([]);
  });

  test(`${name}: forms that are not the deterministic one are refused`, () => {
    const forms = nonCanonicalForms(write(smallest));
    expect(forms.length).toBeGreaterThan(3);
    expect(accepted(forms)).toStrictEqual([]);
  });

  test(`${name}: deep nesting is refused`, () => {
    expect(accepted(deepNestings(write(smallest)))).toStrictEqual([]);
    const nested = nestedItems(write(smallest), MAX_DEPTH + 1).filter(({ bytes }) => bytes.length <= maxBytes);
    expect(nested.map(({ bytes }) => refusal(() => read(bytes)))).toStrictEqual(
      nested.map(() => new EncodingError("too-deep")),
    );
    expect(nested.length).toBeGreaterThan(0);
  });

  test(`${name}: a turned bit is refused or makes another value, never the same one`, { timeout: 120_000 }, () => {
    const original = write(smallest);
    const same = bitFlips(original).filter(({ bytes }) => {
      const outcome = attempt(() => toHex(write(read(bytes))));
      return outcome instanceof EncodingError ? false : outcome !== toHex(bytes);
    });
    expect(same.map(({ what }) => what)).toStrictEqual([]);
    expect(original.length).toBeGreaterThan(0);
  });
}

/** What was given back, or what was thrown. */
function attempt(act: () => string): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** What was thrown; null where nothing was. */
function refusal(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}

/** Bytes as hexadecimal text, so that values compare quickly and by content. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, comparable(field)]));
}

/** The structure's bytes with another text in the place of its label. */
function relabelled(encoded: Uint8Array, from: string, to: string): Uint8Array {
  const arrayHead = encoded.subarray(0, (encoded[0] ?? 0) >= 0x98 ? 2 : 1);
  return concat(arrayHead, encodeData(to), encoded.subarray(arrayHead.length + encodeData(from).length));
}

/**
 * The laws of something signed, sealed or boxed: it opens; cut, lengthened, or with any one bit turned over, it is
 * refused with a typed error (`EncodingError`, `SignatureError`, `OpenError`, `KeyError`) or, where `open` answers with a verdict,
 * with one that `isRefusal` recognises. Give the smallest example: every bit of it is tried.
 */
export function testTamperProof<T>(
  name: string,
  subject: {
    readonly example: () => Uint8Array;
    readonly open: (bytes: Uint8Array) => T;
    readonly isRefusal?: (result: T) => boolean;
  },
): void {
  const refused = (bytes: Uint8Array): boolean => {
    try {
      const result = subject.open(bytes);
      return subject.isRefusal?.(result) ?? false;
    } catch (error) {
      if (isTypedRefusal(error)) return true;
      throw error;
    }
  };

  test(`${name}: opens as it stands`, () => {
    expect(refused(subject.example())).toBe(false);
  });

  test(`${name}: truncated or followed by more, it is refused`, () => {
    const example = subject.example();
    const accepted = [...truncations(example), ...extensions(example)].filter(({ bytes }) => !refused(bytes));
    expect(accepted.map(({ what }) => what)).toStrictEqual([]);
    expect(example.length).toBeGreaterThan(0);
  });

  test(`${name}: with any one bit turned over it is refused`, { timeout: 120_000 }, () => {
    const flips = bitFlips(subject.example());
    const accepted = flips.filter(({ bytes }) => !refused(bytes));
    expect(accepted.map(({ what }) => what)).toStrictEqual([]);
    expect(flips.length).toBeGreaterThan(0);
  });
}

function isTypedRefusal(error: unknown): boolean {
  return [EncodingError, OpenError, SignatureError, KeyError].some((type) => error instanceof type);
}

/** Bytes of exactly this length, or of a range. */
export function bytesOf(length: number | { readonly min: number; readonly max: number }): fc.Arbitrary<Uint8Array> {
  const [minLength, maxLength] = typeof length === "number" ? [length, length] : [length.min, length.max];
  return fc.uint8Array({ minLength, maxLength });
}

/** Well-formed text, in any script, of at most `maxBytes` bytes. */
export function textOf(maxBytes: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: "grapheme", maxLength: Math.floor(maxBytes / 4) })
    .filter((value) => byteLength(value) <= maxBytes);
}

function byteLength(value: string): number {
  return new TextEncoder().encode(value).length;
}
