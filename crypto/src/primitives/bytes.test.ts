import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf } from "../testing/codec-laws.ts";
import { compareBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "./bytes.ts";
import { EncodingError } from "./errors.ts";
import { fromUtf8, toUtf8, utf8Length } from "./utf8.ts";

test("hexadecimal and base64url agree with Node's, both ways", () => {
  const property = fc.property(bytesOf({ min: 0, max: 70 }), (bytes) => {
    expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
    expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    expect(fromHex(toHex(bytes))).toStrictEqual(bytes);
    expect(fromBase64Url(toBase64Url(bytes))).toStrictEqual(bytes);
  });
  fc.assert(property, { seed: 1 });
});

test("UTF-8 agrees with the platform's, both ways", () => {
  const property = fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
    expect(toUtf8(text)).toStrictEqual(new TextEncoder().encode(text));
    expect(utf8Length(text)).toBe(toUtf8(text).length);
    expect(fromUtf8(toUtf8(text))).toBe(text);
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
  const long = "aé€😀".repeat(5000);
  expect(fromUtf8(toUtf8(long))).toBe(long);
});

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

test("bytes are refused as UTF-8 exactly where the platform's strict reader refuses them", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const head = fc.constantFrom(0x61, 0xc0, 0xc2, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff);
  const tail = fc.constantFrom(0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0);
  const property = fc.property(fc.array(fc.oneof(head, tail), { maxLength: 5 }), (values) => {
    const bytes = Uint8Array.from(values);
    expect(accepts(() => fromUtf8(bytes))).toBe(accepts(() => strict.decode(bytes)));
  });
  fc.assert(property, { seed: 1, numRuns: 3000 });
});

test("text that is not exactly one encoding is refused", () => {
  for (const text of ["0", "AB", "0x", " 00", "0g"]) expect(() => fromHex(text)).toThrow(EncodingError);
  for (const text of ["A", "AB", "AAA=", "AA==", "A+", "A/", "AAAAA", " AAA", "AAB"])
    expect(() => fromBase64Url(text)).toThrow(EncodingError);
  expect(() => toUtf8("\uD800")).toThrow(EncodingError);
});

test("bytes compare by content", () => {
  const [a, b, longer] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3), Uint8Array.of(1, 2, 0)];
  expect([equalBytes(a, a.slice()), equalBytes(a, b), equalBytes(a, longer)]).toStrictEqual([true, false, false]);
  expect([compareBytes(a, b) < 0, compareBytes(b, longer) > 0, compareBytes(a, longer) < 0]).toStrictEqual([
    true,
    true,
    true,
  ]);
  expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
});
