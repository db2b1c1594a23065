/**
 * The strict form of CBOR (RFC 8949 section 4.2.1) in which everything signed, sealed, hashed or
 * boxed is written: unsigned integers up to 2^53 - 1, byte strings, well-formed text, arrays, true, false, null.
 * No maps, negative numbers, floats, tags, undefined or indefinite lengths. A value has exactly one encoding.
 */
import { encode as encodeCbor } from "cborg";
import { compareBytes } from "./bytes.ts";
import { EncodingError } from "./errors.ts";
import { fromUtf8 } from "./utf8.ts";

/** What can stand in a structure. Numbers are safe integers from 0. */
export type Data = number | boolean | null | string | Uint8Array | readonly Data[];

/** How deep arrays may nest (protocol section 2). */
export const MAX_DEPTH = 16;

/**
 * How many values a structure may consist of, itself and every array in it counted, where its reader says nothing else: 65,536. A value of
 * one byte costs a hundred times its size once it is read, so bytes alone do not bound the work.
 */
export const MAX_ITEMS = 65_536;

/** The one encoding. @throws {EncodingError} `wrong-shape` for what cannot be encoded, `too-deep`, `too-many-items` */
export function encodeData(data: Data, maxItems: number = MAX_ITEMS): Uint8Array {
  checkData(data, 0, new ItemBudget(maxItems));
  // In Node, cborg gives a piece of a shared Buffer pool: copied, so that the bytes stand alone.
  return new Uint8Array(encodeCbor(data));
}

/** Values that may still come. */
class ItemBudget {
  #left: number;

  constructor(maxItems: number) {
    this.#left = maxItems;
  }

  /** @throws {EncodingError} `too-many-items` */
  take(items: number): void {
    this.#left -= items;
    if (this.#left < 0) throw new EncodingError("too-many-items");
  }
}

/** `budget` has taken the value itself where it stands in an array: an array takes its members all at once. */
function checkData(data: Data, depth: number, budget: ItemBudget): void {
  if (depth === 0) budget.take(1);
  if (typeof data === "number" && !(Number.isSafeInteger(data) && data >= 0 && !Object.is(data, -0)))
    throw new EncodingError("wrong-shape");
  if (typeof data === "string" && !data.isWellFormed()) throw new EncodingError("wrong-shape");
  if (!isArray(data)) return;
  if (depth >= MAX_DEPTH) throw new EncodingError("too-deep");
  budget.take(data.length);
  for (const item of data) checkData(item, depth + 1, budget);
}

/**
 * Reads exactly one value. The bytes it returns are copies.
 *
 * The reader below admits no second form; still the result is encoded again by cborg and compared, so
 * that a mistake in either one shows as a refusal.
 *
 * @throws {EncodingError} `too-large`, `too-deep`, `too-many-items`, `malformed`, `not-canonical`
 */
export function decodeData(bytes: Uint8Array, maxBytes: number, maxItems: number = MAX_ITEMS): Data {
  if (bytes.length > maxBytes) throw new EncodingError("too-large");
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new Reader(plain, new ItemBudget(maxItems));
  const data = reader.value(0);
  if (!reader.atEnd()) throw new EncodingError("malformed");
  if (compareBytes(encodeCbor(data), plain) !== 0) throw new EncodingError("not-canonical");
  return data;
}

/** Array.isArray does not narrow readonly arrays. */
export function isArray(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}

class Reader {
  private readonly bytes: Uint8Array;
  private readonly budget: ItemBudget;
  private offset = 0;

  constructor(bytes: Uint8Array, budget: ItemBudget) {
    this.bytes = bytes;
    this.budget = budget;
    budget.take(1);
  }

  atEnd(): boolean {
    return this.offset === this.bytes.length;
  }

  value(depth: number): Data {
    const first = this.byte();
    const minor = first & 31;
    switch (first >> 5) {
      case 0:
        return this.argument(minor);
      case 2:
        return this.take(this.argument(minor)).slice();
      case 3:
        return this.text(this.take(this.argument(minor)));
      case 4:
        return this.array(this.argument(minor), depth);
      case 7:
        return simpleValue(minor);
      default:
        throw new EncodingError("malformed");
    }
  }

  private array(length: number, depth: number): Data {
    if (depth >= MAX_DEPTH) throw new EncodingError("too-deep");
    // Every item takes a byte, so a length beyond what is left is a lie: refused before anything is allocated.
    if (length > this.bytes.length - this.offset) throw new EncodingError("malformed");
    this.budget.take(length);
    const items: Data[] = [];
    for (let index = 0; index < length; index++) items.push(this.value(depth + 1));
    return items;
  }

  private text(bytes: Uint8Array): string {
    try {
      return fromUtf8(bytes);
    } catch {
      throw new EncodingError("malformed");
    }
  }

  private argument(minor: number): number {
    if (minor < 24) return minor;
    if (minor > 27) throw new EncodingError("malformed");
    const width = 1 << (minor - 24);
    let value = 0;
    for (const byte of this.take(width)) value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) throw new EncodingError("malformed");
    const smallest = width === 1 ? 24 : 256 ** (width / 2);
    if (value < smallest) throw new EncodingError("not-canonical");
    return value;
  }

  private byte(): number {
    const byte = this.bytes[this.offset++];
    if (byte === undefined) throw new EncodingError("malformed");
    return byte;
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.offset) throw new EncodingError("malformed");
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }
}

function simpleValue(minor: number): boolean | null {
  if (minor === 20) return false;
  if (minor === 21) return true;
  if (minor === 22) return null;
  throw new EncodingError("malformed");
}
