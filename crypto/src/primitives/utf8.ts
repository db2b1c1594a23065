import { EncodingError } from "./errors.ts";

/**
 * UTF-8 written out here, because the platform's decoder drops a leading U+FEFF and puts U+FFFD for
 * what it cannot read: two byte strings would become one text, and a signed text would change.
 */

/** @throws {EncodingError} `bad-text` on a lone surrogate */
export function toUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      if (code >= 0xd800 && code <= 0xdfff) throw new EncodingError("bad-text");
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 63);
      bytes[length++] = 0x80 | (code & 63);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 63);
      bytes[length++] = 0x80 | ((code >> 6) & 63);
      bytes[length++] = 0x80 | (code & 63);
    }
  }
  return bytes.slice(0, length);
}

/** How many bytes {@link toUtf8} would make. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** @throws {EncodingError} `bad-text` on anything but well-formed, shortest-form UTF-8 */
export function fromUtf8(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let units: number[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { code, length } = readCodePoint(bytes, offset);
    offset += length;
    if (code < 0x10000) units.push(code);
    else units.push(0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
    if (units.length > 4000) {
      pieces.push(String.fromCharCode(...units));
      units = [];
    }
  }
  pieces.push(String.fromCharCode(...units));
  return pieces.join("");
}

function readCodePoint(bytes: Uint8Array, offset: number): { code: number; length: number } {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return { code: first, length: 1 };
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || offset + length > bytes.length) throw new EncodingError("bad-text");
  let code = first & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    const next = bytes[offset + index] ?? 0;
    if ((next & 0xc0) !== 0x80) throw new EncodingError("bad-text");
    code = (code << 6) | (next & 63);
  }
  const shortest = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  if (code < shortest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new EncodingError("bad-text");
  return { code, length };
}
