import { compareBytes } from "./bytes.ts";
import { type Data, encodeData, isArray } from "./cbor.ts";
import { EncodingError } from "./errors.ts";
import { utf8Length } from "./utf8.ts";

/**
 * One type's form in a structure. Both directions apply the same limits, so that nothing can be written
 * that could not be read. Both throw {@link EncodingError} `wrong-shape`.
 */
export interface Codec<T> {
  toData(value: T): Data;
  fromData(data: Data): T;
}

/** The type that a codec reads and writes. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

function refuse(): never {
  throw new EncodingError("wrong-shape");
}

/** A codec whose form is the value itself, limited by `accepts`. */
function plain<T extends Data>(accepts: (data: unknown) => data is T): Codec<T> {
  const check = (data: unknown): T => (accepts(data) ? data : refuse());
  return { toData: check, fromData: check };
}

/** Bytes: exactly `length`, or from `min` (0) to `max`. */
export function bytes(length: number | { readonly min?: number; readonly max: number }): Codec<Uint8Array> {
  const min = typeof length === "number" ? length : (length.min ?? 0);
  const max = typeof length === "number" ? length : length.max;
  return plain((data): data is Uint8Array => data instanceof Uint8Array && data.length >= min && data.length <= max);
}

/** Well-formed text of `minBytes` (0) to `maxBytes` bytes in UTF-8. */
export function text(limits: { readonly minBytes?: number; readonly maxBytes: number }): Codec<string> {
  const { minBytes = 0, maxBytes } = limits;
  return plain((data): data is string => {
    // A text never has fewer bytes than UTF-16 units: the cheap test first.
    if (typeof data !== "string" || data.length > maxBytes || !data.isWellFormed()) return false;
    const length = utf8Length(data);
    return length >= minBytes && length <= maxBytes;
  });
}

/** One of these words, in text. */
export function word<const W extends string>(...words: readonly W[]): Codec<W> {
  const known: ReadonlySet<unknown> = new Set(words);
  return plain((data): data is W => known.has(data));
}

/** An integer from `min` (0) to `max` (2^53 - 1). */
export function uint(limits: { readonly min?: number; readonly max?: number } = {}): Codec<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = limits;
  return plain(
    (data): data is number =>
      Number.isSafeInteger(data) && Number(data) >= min && Number(data) <= max && !Object.is(data, -0),
  );
}

/** Milliseconds since 1970, as far as dates go. */
export const time = (): Codec<number> => uint({ max: 8_640_000_000_000_000 });

/** Days since 1970-01-01 UTC, as far as dates go. */
export const day = (): Codec<number> => uint({ max: 100_000_000 });

export function bool(): Codec<boolean> {
  return plain((data): data is boolean => typeof data === "boolean");
}

/** The value, or null. The inner codec must not write null itself. */
export function nullable<T>(inner: Codec<T>): Codec<T | null> {
  return {
    toData: (value) => (value === null ? null : inner.toData(value)),
    fromData: (data) => (data === null ? null : inner.fromData(data)),
  };
}

/** An array of `min` (0) to `max` values, in their order. */
export function list<T>(item: Codec<T>, limits: { readonly min?: number; readonly max: number }): Codec<readonly T[]> {
  const { min = 0, max } = limits;
  const within = (length: number): boolean => length >= min && length <= max;
  return {
    toData: (values) => (within(values.length) ? values.map((value) => item.toData(value)) : refuse()),
    fromData: (data) =>
      isArray(data) && within(data.length) ? data.map((element) => item.fromData(element)) : refuse(),
  };
}

/**
 * A set: written in ascending order of the encoded items, each once; any other order is refused on reading.
 * Writing sorts; writing an item twice is refused.
 */
export function sortedSet<T>(
  item: Codec<T>,
  limits: { readonly min?: number; readonly max: number },
): Codec<readonly T[]> {
  const inner = list(item, limits);
  return {
    toData: (values) => {
      const data = inner.toData(values);
      if (!isArray(data)) return refuse();
      const sorted = data
        .map((element) => ({ element, encoded: encodeData(element) }))
        .toSorted((a, b) => compareBytes(a.encoded, b.encoded));
      if (!ascending(sorted.map(({ encoded }) => encoded))) return refuse();
      return sorted.map(({ element }) => element);
    },
    fromData: (data) =>
      isArray(data) && ascending(data.map((element) => encodeData(element))) ? inner.fromData(data) : refuse(),
  };
}

function ascending(encoded: readonly Uint8Array[]): boolean {
  return encoded.every((here, index) => {
    const before = encoded[index - 1];
    return before === undefined || compareBytes(before, here) < 0;
  });
}

type Fields = Readonly<Record<string, Codec<unknown>>>;
/** The object that a set of named fields describes. */
export type FieldValues<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** An array of exactly these fields, in this order; names are not written. */
export function struct<const F extends Fields>(fields: F): Codec<FieldValues<F>> {
  const entries = Object.entries(fields);
  return {
    toData: (value) => entries.map(([name, codec]) => codec.toData(value[name])),
    fromData: (data) => {
      if (!isArray(data) || data.length !== entries.length) return refuse();
      const value = Object.fromEntries(
        entries.map(([name, codec], index) => [name, codec.fromData(data[index] ?? null)]),
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field has just been read by its own codec
      return value as FieldValues<F>;
    },
  };
}

type Cases = Readonly<Record<string, Codec<object>>>;
/** `{kind, …fields}` for each case. */
export type VariantValue<C extends Cases> = {
  readonly [K in keyof C & string]: { readonly kind: K } & ValueOf<C[K]>;
}[keyof C & string];

/** `[kind, …fields]`: one of several structs, told apart by a word. Every case is a {@link struct}. */
export function variant<const C extends Cases>(cases: C): Codec<VariantValue<C>> {
  const byKind = new Map(Object.entries(cases));
  return {
    toData: (value) => {
      const data = byKind.get(value.kind)?.toData(value);
      return data !== undefined && isArray(data) ? [value.kind, ...data] : refuse();
    },
    fromData: (data) => {
      if (!isArray(data)) return refuse();
      const [kind, ...fields] = data;
      const codec = typeof kind === "string" ? byKind.get(kind) : undefined;
      if (codec === undefined) return refuse();
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the case's own codec has just read the fields
      return { kind, ...codec.fromData(fields) } as VariantValue<C>;
    },
  };
}

/** The same form, with one more condition on the value. */
export function where<T>(inner: Codec<T>, accepts: (value: T) => boolean): Codec<T> {
  return {
    toData: (value) => (accepts(value) ? inner.toData(value) : refuse()),
    fromData: (data) => {
      const value = inner.fromData(data);
      return accepts(value) ? value : refuse();
    },
  };
}

/** The same form for another type. `read` may throw `wrong-shape`; it must undo `write`, and `write` undo it. */
export function mapped<Inner, T>(inner: Codec<Inner>, read: (value: Inner) => T, write: (value: T) => Inner): Codec<T> {
  return { toData: (value) => inner.toData(write(value)), fromData: (data) => read(inner.fromData(data)) };
}

/** Anything that can stand in a structure: for what a newer version wrote. */
export function anyData(): Codec<Data> {
  return { toData: (value) => value, fromData: (data) => data };
}
