import { concat, isSealedWith, open, OpenError, seal } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { seededRandom } from "../../crypto/src/testing/seeded-random.ts";

const random = seededRandom("two keys");
const header = new Uint8Array([1, 2, 3]);
const nonce = random(24);

test("attack 16: what is sealed under one key names that key: under another it is refused before it is opened", () => {
  const sealed = seal(random(64), header, random(32), nonce);
  expect(() => open(sealed, header, random(32))).toThrow(OpenError);
});

/**
 * Poly1305 lets whoever knows two keys find bytes that both accept; then only the commitment tells them apart. So: take
 * the commitment of one key and the rest of another's, the shape of every such forgery.
 */
test("attack 16: a ciphertext under one key with the commitment of another opens under neither", () => {
  const [one, two] = [random(32), random(32)];
  const plaintext = random(64);
  const commitmentOfOne = seal(plaintext, header, one, nonce).subarray(0, 32);
  const restOfTwo = seal(plaintext, header, two, nonce).subarray(32);
  const forged = concat(commitmentOfOne, restOfTwo);
  expect(() => open(forged, header, one)).toThrow(OpenError);
  expect(() => open(forged, header, two)).toThrow(OpenError);
  expect(open(seal(plaintext, header, two, nonce), header, two)).toEqual(plaintext);
});

test("attack 16: the commitment names key, header and nonce, and is held against each before anything is opened", () => {
  const key = random(32);
  const sealed = seal(random(64), header, key, nonce);
  const otherNonce = sealed.slice();
  otherNonce.set(random(24), 32);
  expect(isSealedWith(sealed, header, key)).toBe(true);
  expect(isSealedWith(otherNonce, header, key)).toBe(false);
  expect(isSealedWith(sealed, new Uint8Array([1, 2, 4]), key)).toBe(false);
  expect(isSealedWith(sealed, header, random(32))).toBe(false);
  expect(() => open(otherNonce, header, key)).toThrow(OpenError);
  expect(() => open(sealed, new Uint8Array([1, 2, 4]), key)).toThrow(OpenError);
});
