/** Wrong ways of writing a right structure: what a strict reader must refuse. */
import { concat } from "../primitives/bytes.ts";

export interface Mutation {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** One CBOR head: where it stands, its major type, its argument and how many bytes it takes. */
interface Head {
  readonly offset: number;
  readonly major: number;
  readonly minor: number;
  readonly argument: number;
  readonly length: number;
}

/** Every head in a well-formed encoding, those inside arrays too. */
function headsOf(encoded: Uint8Array): readonly Head[] {
  const heads: Head[] = [];
  let offset = 0;
  while (offset < encoded.length) {
    const first = encoded[offset] ?? 0;
    const major = first >> 5;
    const minor = first & 31;
    const width = minor < 24 ? 0 : 2 ** (minor - 24);
    let argument = minor;
    if (width > 0) {
      argument = 0;
      for (const byte of encoded.subarray(offset + 1, offset + 1 + width)) argument = argument * 256 + byte;
    }
    heads.push({ offset, major, minor, argument, length: 1 + width });
    offset += 1 + width + (major === 2 || major === 3 ? argument : 0);
  }
  return heads;
}

/** The same structure in every form that is not the deterministic one. */
export function nonCanonicalForms(encoded: Uint8Array): readonly Mutation[] {
  return headsOf(encoded).flatMap((head) => {
    const replaced = (what: string, ...bytes: readonly number[]): Mutation => ({
      what: `${what} at ${head.offset}`,
      bytes: concat(
        encoded.subarray(0, head.offset),
        Uint8Array.from(bytes),
        encoded.subarray(head.offset + head.length),
      ),
    });
    const original = encoded.subarray(head.offset, head.offset + head.length);
    const forms = [replaced("tag", 0xd8, 0x40, ...original)];
    if (head.major !== 7) forms.push(...widerForms(head).map((bytes) => replaced("wide head", ...bytes)));
    if (head.major === 0) forms.push(replaced("float", 0xfb, ...float64(head.argument)));
    if (head.major === 7) forms.push(replaced("two-byte simple value", 0xf8, head.minor), replaced("undefined", 0xf7));
    if (head.major >= 2 && head.major <= 4) forms.push(...indefiniteForm(encoded, head));
    return forms;
  });
}

function widerForms({ major, argument, length }: Head): readonly (readonly number[])[] {
  return [1, 2, 4, 8]
    .filter((width) => width >= length)
    .map((width) => [(major << 5) | (24 + Math.log2(width)), ...bigEndian(argument, width)]);
}

function bigEndian(value: number, width: number): readonly number[] {
  return Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256);
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/** Strings as one chunk of an endless one; arrays as endless, where they run to the end of the structure. */
function indefiniteForm(encoded: Uint8Array, head: Head): readonly Mutation[] {
  const what = `endless length at ${head.offset}`;
  const before = encoded.subarray(0, head.offset);
  const open = Uint8Array.of((head.major << 5) | 31);
  const close = Uint8Array.of(0xff);
  if (head.major === 4) {
    return head.offset === 0 ? [{ what, bytes: concat(open, encoded.subarray(head.length), close) }] : [];
  }
  const end = head.offset + head.length + head.argument;
  return [{ what, bytes: concat(before, open, encoded.subarray(head.offset, end), close, encoded.subarray(end)) }];
}

/** Arrays nested ever deeper, alone and in the place of everything after the structure's label. */
export function deepNestings(encoded: Uint8Array): readonly Mutation[] {
  const [, label] = headsOf(encoded);
  const afterLabel = label === undefined ? 0 : label.offset + label.length + label.argument;
  return [17, 64, 1_000, 100_000].flatMap((depth) => {
    const nested = concat(new Uint8Array(depth).fill(0x81), Uint8Array.of(0));
    return [
      { what: `${depth} arrays deep`, bytes: nested },
      { what: `a field ${depth} arrays deep`, bytes: concat(encoded.subarray(0, afterLabel), nested) },
    ];
  });
}

/**
 * Each item below the outermost array replaced, alone, by arrays that nest until the whole is `depth` arrays deep.
 * Everything else stays complete, so that nothing but the depth is wrong.
 */
export function nestedItems(encoded: Uint8Array, depth: number): readonly Mutation[] {
  return itemsOf(encoded)
    .filter((item) => item.depth > 0)
    .map(({ start, end, depth: around }) => {
      const nested = concat(new Uint8Array(depth - around).fill(0x81), Uint8Array.of(0));
      return {
        what: `${depth} arrays deep at ${start}`,
        bytes: concat(encoded.subarray(0, start), nested, encoded.subarray(end)),
      };
    });
}

/** One whole item: where it begins and ends, and how many arrays are around it. */
interface Item {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/** Every item, arrays with all that is in them. */
function itemsOf(encoded: Uint8Array): readonly Item[] {
  const heads = headsOf(encoded);
  const items: Item[] = [];
  /** Reads the item whose head is the `at`th; the number of the head after it. */
  const read = (at: number, depth: number): number => {
    const head = heads[at];
    if (head === undefined) throw new RangeError("an item is missing");
    let next = at + 1;
    if (head.major === 4) for (let left = head.argument; left > 0; left--) next = read(next, depth + 1);
    items.push({ start: head.offset, end: heads[next]?.offset ?? encoded.length, depth });
    return next;
  };
  read(0, 0);
  return items;
}

export function truncations(encoded: Uint8Array): readonly Mutation[] {
  return Array.from({ length: encoded.length }, (_, length) => ({
    what: `cut to ${length} bytes`,
    bytes: encoded.slice(0, length),
  }));
}

export function extensions(encoded: Uint8Array): readonly Mutation[] {
  return [Uint8Array.of(0), Uint8Array.of(0x80), new Uint8Array(64), encoded].map((more) => ({
    what: `followed by ${more.length} bytes`,
    bytes: concat(encoded, more),
  }));
}

/** Each bit turned over, alone. */
export function bitFlips(encoded: Uint8Array): readonly Mutation[] {
  return Array.from({ length: encoded.length * 8 }, (_, bit) => {
    const bytes = encoded.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return { what: `bit ${bit & 7} of byte ${bit >> 3} turned over`, bytes };
  });
}
