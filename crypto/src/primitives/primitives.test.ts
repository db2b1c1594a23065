import { expect, test } from "vitest";
import { testTamperProof } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { box, boxKeyPair, isUsableBoxKey, randomBoxSeed, unbox } from "./box.ts";
import { ascii, concat, fromHex, toHex } from "./bytes.ts";
import { bytes, structure, text } from "./encoding.ts";
import { KeyError, OpenError } from "./errors.ts";
import { deriveKey } from "./kdf.ts";
import { isUsableLabelKey, labelAgreement, labelKeyPair } from "./label-key.ts";
import { labelledHash } from "./labelled-hash.ts";
import { pad } from "./padding.ts";
import { isSealedWith, open, seal } from "./seal.ts";
import { sign, signingKeyPair, signToWire } from "./sign.ts";
import { openSigned } from "./signed.ts";

const random = seededRandom("primitives");
const key = random(32);
const nonce = random(24);
const header = ascii("header");
const content = ascii("what is sealed");
const recipient = boxKeyPair(random(32));
const signer = signingKeyPair(random(32));
const seed = randomBoxSeed(random);
const labelKeys = [labelKeyPair(random(32)), labelKeyPair(random(32))] as const;
const note = structure("test-note", 100, { id: bytes(2), title: text({ maxBytes: 20 }) });
const noteValue = { id: Uint8Array.of(1, 2), title: "é" };

const frozen = frozenVectors("primitives", {
  "labelled hash": () => labelledHash("test", key, 7, "word", null),
  "derived key": () => deriveKey(key, "test", key, 7, "word", null),
  "derived key of a short key": () => deriveKey(key.slice(0, 16), "test"),
  "sealed text": () => seal(content, header, key, nonce),
  "sealed empty text": () => seal(new Uint8Array(), new Uint8Array(), key, nonce),
  "box public key": () => recipient.publicKey,
  "box for an era": () => box("era", content, header, recipient.publicKey, seed),
  "box for a vault": () => box("vault", content, header, recipient.publicKey, seed),
  ...Object.fromEntries(
    (["link-device", "guest", "desk"] as const).map((purpose) => [
      `box for ${purpose}`,
      () => box(purpose, content, header, recipient.publicKey, seed),
    ]),
  ),
  "signing public key": () => signer.publicKey,
  "detached signature": () => sign(content, signer.secretKey),
  "signed structure": () => signToWire(note, noteValue, signer),
  "label public key": () => labelKeys[0].publicKey,
  "label agreement": () => labelAgreement(labelKeys[0].secretKey, labelKeys[1].publicKey),
  "padded content": () => pad(content),
});

test("frozen sealed texts and boxes still open", () => {
  expect(open(frozen.bytes("sealed text"), header, key)).toStrictEqual(content);
  expect(unbox("era", frozen.bytes("box for an era"), header, recipient)).toStrictEqual(content);
});

testTamperProof("a sealed text", {
  example: () => seal(new Uint8Array(), new Uint8Array(), key, nonce),
  open: (sealed) => open(sealed, new Uint8Array(), key),
});
testTamperProof("a box", {
  example: () => box("era", new Uint8Array(), new Uint8Array(), recipient.publicKey, seed),
  open: (boxed) => unbox("era", boxed, new Uint8Array(), recipient),
});
testTamperProof("a signed structure", {
  example: () => signToWire(note, { id: Uint8Array.of(0, 0), title: "" }, signer),
  open: (wire) => openSigned(note, wire, () => signer.publicKey),
});

test("a sealed text opens only with its key and header, and says which key is its own", () => {
  const sealed = seal(content, header, key, nonce);
  expect(() => open(sealed, ascii("other"), key)).toThrow(new OpenError("forged"));
  expect(() => open(sealed, header, nonce.slice().fill(1))).toThrow(KeyError);
  expect(() => open(sealed, header, new Uint8Array(32))).toThrow(new OpenError("forged"));
  expect(() => open(sealed.slice(0, 71), header, key)).toThrow(new OpenError("malformed"));
  expect(isSealedWith(sealed, header, key)).toBe(true);
  expect(isSealedWith(sealed, header, new Uint8Array(32))).toBe(false);
});

test("a ciphertext does not open under a second key, even with that key's commitment grafted on", () => {
  const other = new Uint8Array(32).fill(9);
  const sealed = seal(content, header, key, nonce);
  const grafted = concat(seal(content, header, other, nonce).subarray(0, 32), sealed.subarray(32));
  expect(() => open(grafted, header, other)).toThrow(new OpenError("forged"));
  expect(() => open(grafted, header, key)).toThrow(new OpenError("forged"));
});

test("a box opens only for its purpose, recipient and header", () => {
  const boxed = box("era", content, header, recipient.publicKey, seed);
  expect(unbox("era", boxed, header, recipient)).toStrictEqual(content);
  for (const purpose of ["vault", "link-device", "guest", "desk"] as const)
    expect(() => unbox(purpose, boxed, header, recipient)).toThrow(new OpenError("forged"));
  expect(() => unbox("era", boxed, header, boxKeyPair(new Uint8Array(32)))).toThrow(new OpenError("forged"));
  expect(() => unbox("era", boxed, content, recipient)).toThrow(new OpenError("forged"));
});

test("the same seed makes the same box, another one another", () => {
  const first = toHex(box("era", content, header, recipient.publicKey, seed));
  expect(toHex(box("era", content, header, recipient.publicKey, seed))).toBe(first);
  expect(toHex(box("era", content, header, recipient.publicKey, randomBoxSeed(random)))).not.toBe(first);
});

test("a malformed box key is found unusable, and boxing to it is a typed error", () => {
  const unreduced = recipient.publicKey.slice().fill(0xff, 0, 1152);
  const lowOrder = recipient.publicKey.slice().fill(0, 1184);
  const bad = [new Uint8Array(), recipient.publicKey.slice(1), unreduced, lowOrder];
  expect(isUsableBoxKey(recipient.publicKey)).toBe(true);
  for (const publicKey of bad) {
    expect(isUsableBoxKey(publicKey)).toBe(false);
    expect(() => box("era", content, header, publicKey, seed)).toThrow(KeyError);
  }
});

test("both sides agree on a label secret; keys of low order are refused", () => {
  const [a, b] = labelKeys;
  expect(labelAgreement(a.secretKey, b.publicKey)).toStrictEqual(labelAgreement(b.secretKey, a.publicKey));
  // RFC 7748 and "May the Fourth Be With You" (2019): encodings of points of order 1, 2, 4 and 8.
  const lowOrder = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ];
  for (const publicKey of lowOrder.map(fromHex)) {
    expect(isUsableLabelKey(publicKey)).toBe(false);
    expect(() => labelAgreement(a.secretKey, publicKey)).toThrow(KeyError);
  }
  expect(isUsableLabelKey(b.publicKey)).toBe(true);
  expect(isUsableLabelKey(b.publicKey.slice(1))).toBe(false);
});

test("derivations with another purpose, context or key differ", () => {
  const made = [
    deriveKey(key, "test"),
    deriveKey(key, "test2"),
    deriveKey(key, "test", 0),
    deriveKey(key, "test", Uint8Array.of(1), Uint8Array.of(2)),
    deriveKey(key, "test", Uint8Array.of(1, 2)),
    deriveKey(key, "test", "1"),
    deriveKey(nonce, "test"),
    labelledHash("test"),
  ];
  expect(new Set(made.map(toHex)).size).toBe(made.length);
  expect(() => deriveKey(new Uint8Array(15), "test")).toThrow(KeyError);
});
