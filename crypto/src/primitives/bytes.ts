import { memcmp } from "../sodium.ts";
import { EncodingError } from "./errors.ts";

/** Source of randomness, handed in by the caller: `length` unpredictable bytes. */
export type Random = (length: number) => Uint8Array;

/** All parts, one after the other, in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether both hold the same bytes; takes the same time wherever they differ. Lengths are not secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && (a.length === 0 || memcmp(a, b));
}

/** Order of two byte strings: first difference, then length. Negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const HEX_DIGITS = "0123456789abcdef";

/** Lower-case hexadecimal. Also the form in which bytes serve as keys of a Map. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX_DIGITS.charAt(byte >> 4) + HEX_DIGITS.charAt(byte & 15);
  return text;
}

/** @throws {EncodingError} `bad-text` unless an even number of lower-case hexadecimal digits */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new EncodingError("bad-text");
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (digitAt(text, at * 2) << 4) | digitAt(text, at * 2 + 1);
  return bytes;
}

/** Digits stand from 48 on in ASCII, `a` at 97. */
function digitAt(hex: string, index: number): number {
  const code = hex.charCodeAt(index);
  return code < 97 ? code - 48 : code - 87;
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE64URL_VALUE = new Map(Array.from(BASE64URL, (digit, value) => [digit, value] as const));

/** Base64url without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6) text += BASE64URL.charAt((held >> (bits - 6)) & 63);
  }
  return bits > 0 ? text + BASE64URL.charAt((held << (6 - bits)) & 63) : text;
}

/** @throws {EncodingError} `bad-text` on padding, other characters, an impossible length or bits left over */
export function fromBase64Url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let length = 0;
  for (const digit of text) {
    const value = BASE64URL_VALUE.get(digit);
    if (value === undefined) throw new EncodingError("bad-text");
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (held >> bits) & 0xff;
    }
  }
  if (text.length % 4 === 1 || (held & ((1 << bits) - 1)) !== 0) throw new EncodingError("bad-text");
  return bytes;
}

/** The bytes of an ASCII word, for labels. @throws {EncodingError} `bad-text` on anything else */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.charCodeAt(0);
    if (letter.length !== 1 || code > 0x7e || code < 0x20) throw new EncodingError("bad-text");
    return code;
  });
}
