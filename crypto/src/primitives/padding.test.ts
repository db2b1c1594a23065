import { expect, test } from "vitest";
import { concat } from "./bytes.ts";
import { EncodingError } from "./errors.ts";
import { pad, paddedLength, unpad } from "./padding.ts";

test("content of every length comes back, in at least 256 bytes and at most 12 % more", () => {
  for (let length = 0; length < 3000; length++) {
    const content = new Uint8Array(length).fill(0x80);
    const padded = pad(content);
    expect(unpad(padded)).toStrictEqual(content);
    expect(padded.length).toBeGreaterThanOrEqual(256);
    expect(padded.length).toBeLessThanOrEqual(Math.max(256, Math.ceil((length + 1) * 1.12)));
  }
});

test("lengths are those of Padmé", () => {
  const lengths = [0, 255, 256, 257, 1000, 1023, 1024, 10_000, 65_000].map(paddedLength);
  expect(lengths).toStrictEqual([256, 256, 272, 272, 1024, 1024, 1088, 10_240, 65_536]);
});

test("few lengths are told apart", () => {
  const seen = new Set(Array.from({ length: 65_536 }, (_, length) => paddedLength(length)));
  expect(seen.size).toBeLessThan(140);
});

test("only what pad made is taken off", () => {
  const good = pad(new Uint8Array(10));
  const wrong = [
    new Uint8Array(),
    new Uint8Array(256),
    good.slice(1),
    concat(good, Uint8Array.of(0)),
    pad(new Uint8Array(300)).slice(0, -1),
    Uint8Array.from(good, (byte, index) => (index === 200 ? 1 : byte)),
    Uint8Array.from({ length: 512 }, (_, index) => (index === 10 ? 0x80 : 0)),
  ];
  for (const padded of wrong) expect(() => unpad(padded)).toThrow(new EncodingError("not-canonical"));
});
