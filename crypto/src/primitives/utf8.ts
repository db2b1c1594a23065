import { EncodingError } from "./errors.ts";

/** The platform's converters, which every browser and Node has; this package is compiled without their types. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
/** Strict, and keeping a leading U+FEFF: otherwise two byte strings would become one text, and a signed text change. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws {EncodingError} `bad-text` on a lone surrogate */
export function toUtf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new EncodingError("bad-text");
  return encoder.encode(text);
}

/** @throws {EncodingError} `bad-text` on anything but well-formed, shortest-form UTF-8 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new EncodingError("bad-text");
  }
}

/** How many bytes {@link toUtf8} makes of a well-formed text. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // A pair of surrogates is two units and four bytes: one more for each.
    if (unit >= 0x80) length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}
