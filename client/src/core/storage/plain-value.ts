import { fromUtf8, toUtf8 } from "@unionhall/crypto";

/**
 * Bytes of a plain value, for storage on this device only: CBOR (RFC 8949) of definite length, with maps whose keys are text. What is read
 * was sealed by this program under this device's key, so the form is not judged a second time; a value of another version is never read
 * (`defineMap`). Everything that comes from outside goes through crypto's strict codecs instead.
 */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue | undefined };

/** @throws {TypeError} on what is not a {@link PlainValue}: a function, a class, bigint, undefined outside an object */
export function encodePlain(value: unknown): Uint8Array {
  const writer = new Writer();
  write(writer, value);
  return writer.done();
}

/** @throws {TypeError} on bytes that {@link encodePlain} did not make */
export function decodePlain(bytes: Uint8Array): PlainValue {
  const reader = { bytes, at: 0, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const value = read(reader);
  if (reader.at !== bytes.length) throw malformed();
  return value;
}

const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, simple: 7 } as const;
const simple = { false: 0xf4, true: 0xf5, null: 0xf6, float: 0xfb } as const;

function write(to: Writer, value: unknown): void {
  if (value === null) to.byte(simple.null);
  else if (typeof value === "boolean") to.byte(value ? simple.true : simple.false);
  else if (typeof value === "number") writeNumber(to, value);
  else if (typeof value === "string") writeBytes(to, major.text, toUtf8(value));
  else if (value instanceof Uint8Array) writeBytes(to, major.bytes, value);
  else if (Array.isArray(value)) writeList(to, value);
  else if (typeof value === "object") writeMap(to, value);
  else throw new TypeError(`a ${typeof value} cannot be stored`);
}

function writeNumber(to: Writer, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    if (value >= 0) to.head(major.unsigned, value);
    else to.head(major.negative, -1 - value);
  } else {
    to.byte(simple.float);
    to.float(value);
  }
}

function writeBytes(to: Writer, kind: number, bytes: Uint8Array): void {
  to.head(kind, bytes.length);
  to.bytes(bytes);
}

function writeList(to: Writer, values: readonly unknown[]): void {
  to.head(major.list, values.length);
  for (const value of values) write(to, value);
}

function writeMap(to: Writer, value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError("only plain objects can be stored");
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  to.head(major.map, members.length);
  for (const [name, member] of members) {
    writeBytes(to, major.text, toUtf8(name));
    write(to, member);
  }
}

/** Grows by doubling. */
class Writer {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  byte(byte: number): void {
    this.#room(1);
    this.#buffer[this.#length++] = byte;
  }

  /** Type and length or number, in the shortest form. */
  head(kind: number, value: number): void {
    const type = kind << 5;
    this.#room(9);
    if (value < 24) this.byte(type | value);
    else if (value < 0x100) {
      this.byte(type | 24);
      this.byte(value);
    } else if (value < 0x10000) {
      this.byte(type | 25);
      this.#view.setUint16(this.#length, value);
      this.#length += 2;
    } else if (value < 0x100000000) {
      this.byte(type | 26);
      this.#view.setUint32(this.#length, value);
      this.#length += 4;
    } else {
      this.byte(type | 27);
      this.#view.setBigUint64(this.#length, BigInt(value));
      this.#length += 8;
    }
  }

  float(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  done(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
    larger.set(this.#buffer);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

interface Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

function read(from: Reader): PlainValue {
  const first = from.bytes[from.at++];
  if (first === undefined) throw malformed();
  const kind = first >> 5;
  if (kind === major.simple) return readSimple(from, first);
  const argument = readArgument(from, first & 31);
  switch (kind) {
    case major.unsigned:
      return argument;
    case major.negative:
      return -1 - argument;
    case major.bytes:
      return take(from, argument).slice();
    case major.text:
      return fromUtf8(take(from, argument));
    case major.list:
      return Array.from({ length: bounded(from, argument) }, () => read(from));
    case major.map:
      return readMap(from, bounded(from, argument));
    default:
      throw malformed();
  }
}

function readSimple(from: Reader, first: number): PlainValue {
  if (first === simple.null) return null;
  if (first === simple.true) return true;
  if (first === simple.false) return false;
  if (first !== simple.float) throw malformed();
  take(from, 8);
  return from.view.getFloat64(from.at - 8);
}

function readArgument(from: Reader, short: number): number {
  if (short < 24) return short;
  if (short > 27) throw malformed();
  const length = 1 << (short - 24);
  take(from, length);
  const at = from.at - length;
  if (length === 1) return from.view.getUint8(at);
  if (length === 2) return from.view.getUint16(at);
  if (length === 4) return from.view.getUint32(at);
  return Number(from.view.getBigUint64(at));
}

function readMap(from: Reader, members: number): PlainValue {
  const map: Record<string, PlainValue> = {};
  for (let member = 0; member < members; member++) {
    const name = read(from);
    if (typeof name !== "string" || name === "__proto__") throw malformed();
    map[name] = read(from);
  }
  return map;
}

function take(from: Reader, length: number): Uint8Array {
  const end = from.at + length;
  if (end > from.bytes.length) throw malformed();
  const part = from.bytes.subarray(from.at, end);
  from.at = end;
  return part;
}

/** A list or map cannot have more members than bytes are left. */
function bounded(from: Reader, members: number): number {
  if (members > from.bytes.length - from.at) throw malformed();
  return members;
}

function malformed(): TypeError {
  return new TypeError("stored bytes are not a plain value");
}
