import { EncodingError } from "./errors.ts";

/** The least length of padded content. */
export const MIN_PADDED_BYTES = 256;

/**
 * The Padmé length for `length` bytes: at most 12 % longer, and telling only log log of the length
 * ("Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, section 4).
 */
function padmeLength(length: number): number {
  const exponent = Math.floor(Math.log2(length));
  const lowBits = exponent - (Math.floor(Math.log2(exponent)) + 1);
  const step = 2 ** Math.max(lowBits, 0);
  return Math.ceil(length / step) * step;
}

/** The length of {@link pad}'s result for content of this length. */
export function paddedLength(contentLength: number): number {
  return contentLength + 1 <= MIN_PADDED_BYTES ? MIN_PADDED_BYTES : padmeLength(contentLength + 1);
}

/** `content ‖ 0x80 ‖ zeros`, as long as {@link paddedLength} says: at least 256 bytes (protocol section 2). */
export function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(content.length));
  padded.set(content);
  padded[content.length] = 0x80;
  return padded;
}

/** Takes off what {@link pad} added. @throws {EncodingError} `not-canonical` unless `pad` would make these bytes */
export function unpad(padded: Uint8Array): Uint8Array {
  const length = padded.findLastIndex((byte) => byte !== 0);
  if (length < 0 || padded[length] !== 0x80 || padded.length !== paddedLength(length))
    throw new EncodingError("not-canonical");
  return padded.slice(0, length);
}
