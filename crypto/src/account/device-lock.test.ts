import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toUtf8 } from "../primitives/utf8.ts";
import { EncodingError, KeyError } from "../primitives/errors.ts";
import { decode, encode } from "../primitives/encoding.ts";
import { PWHASH_INTERACTIVE } from "../sodium.ts";
import { bitFlips } from "../testing/cbor-mutations.ts";
import { bytesOf, testStructure, testTamperProof } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { checkWords } from "./check-words.ts";
import {
  calibrateLock,
  deviceLockStructure,
  lockKeyOf,
  makeDeviceLock,
  openDeviceLock,
  openLockedRoot,
  openLockWith,
} from "./device-lock.ts";
import { loadWords } from "./recovery-phrase.ts";

const localKey = new Uint8Array(32).fill(5);
const root = new Uint8Array(16).fill(6);
const passphrase = "Ñandú 🔒 soup";
const lock = makeDeviceLock(passphrase, { localKey, root }, PWHASH_INTERACTIVE, seededRandom("lock"));
const checked = await checkWords("join-request", new Uint8Array(32).fill(7));
const otherChecks = await Promise.all(
  (["link-device", "person", "group"] as const).map(
    async (purpose) => [purpose, await checkWords(purpose, new Uint8Array(32).fill(7))] as const,
  ),
);

const frozen = frozenVectors("locks", {
  "device lock": () => lock,
  "check words": () => toUtf8(checked.join(" ")),
  ...Object.fromEntries(
    otherChecks.map(([purpose, words]) => [`check words: ${purpose}`, () => toUtf8(words.join(" "))]),
  ),
});

const minimum = PWHASH_INTERACTIVE.memoryBytes;
testStructure("a device lock", deviceLockStructure, {
  values: fc.record({
    salt: bytesOf(16),
    passes: fc.integer({ min: 2, max: 1024 }),
    memoryBytes: fc.integer({ min: minimum, max: 1024 ** 3 }),
    localKey: bytesOf(104),
    root: fc.option(bytesOf(88)),
  }),
  smallest: {
    salt: new Uint8Array(16),
    passes: 2,
    memoryBytes: minimum,
    localKey: new Uint8Array(104),
    root: null,
  },
});

test("the passphrase opens the local key and, apart from it, the root", () => {
  expect(openDeviceLock(frozen.bytes("device lock"), passphrase)).toStrictEqual({ kind: "opened", secret: localKey });
  expect(openLockedRoot(lock, passphrase)).toStrictEqual({ kind: "opened", secret: root });
});

test("the same letters in another normal form are the same passphrase", () => {
  expect(openDeviceLock(lock, passphrase.normalize("NFD")).kind).toBe("opened");
});

test("another passphrase opens nothing, and says so", () => {
  const wrong = { kind: "refused", reason: "wrong-passphrase" };
  expect(openDeviceLock(lock, `${passphrase} `)).toStrictEqual(wrong);
  expect(openLockedRoot(lock, "")).toStrictEqual(wrong);
});

test("a device without a root says so; a lock that is cut or holds more is malformed", () => {
  expect(openLockedRoot(rootless, passphrase)).toStrictEqual({ kind: "refused", reason: "no-root" });
  const malformed = { kind: "refused", reason: "malformed" };
  for (let length = 0; length < lock.length; length += 7)
    expect(openDeviceLock(lock.slice(0, length), passphrase)).toStrictEqual(malformed);
  expect(openDeviceLock(Uint8Array.of(...lock, 0), passphrase)).toStrictEqual(malformed);
});

// Argon2id is paid once: with its key held fast, nothing but the wrapping itself is left to refuse a changed lock.
const lockKey = lockKeyOf(passphrase, decode(deviceLockStructure, lock));
const rootless = makeDeviceLock(passphrase, { localKey, root: null }, PWHASH_INTERACTIVE, seededRandom("lock"));

testTamperProof("the local key in a device lock", {
  example: () => rootless,
  open: (bytes) => openLockWith(bytes, "localKey", () => lockKey),
  isRefusal: ({ kind }) => kind === "refused",
});

test("each part of a lock opens nothing with any one bit of it or of the parameters turned over", () => {
  const { localKey: wrappedKey, root: wrappedRoot, ...parameters } = decode(deviceLockStructure, lock);
  const changed = (field: "salt" | "localKey" | "root", value: Uint8Array): readonly Uint8Array[] =>
    bitFlips(value).map(({ bytes }) =>
      encode(deviceLockStructure, { ...parameters, localKey: wrappedKey, root: wrappedRoot, [field]: bytes }),
    );
  const salts = changed("salt", parameters.salt);
  const kept = [
    ...[...salts, ...changed("localKey", wrappedKey)].filter((bytes) => isOpened(bytes, "localKey")),
    ...[...salts, ...changed("root", wrappedRoot ?? new Uint8Array())].filter((bytes) => isOpened(bytes, "root")),
  ];
  expect(kept).toStrictEqual([]);
  expect(isOpened(lock, "localKey") && isOpened(lock, "root")).toBe(true);
  expect(wrappedRoot).not.toBeNull();
});

function isOpened(bytes: Uint8Array, part: "localKey" | "root"): boolean {
  return openLockWith(bytes, part, () => lockKey).kind === "opened";
}

test("a changed byte of the parameters or of the wrapped keys opens nothing, Argon2id included", () => {
  // Each try costs a whole Argon2id: one bit of a few bytes of every field.
  for (const offset of [30, 60, 100, 140]) {
    const changed = lock.slice();
    changed[offset] = (changed[offset] ?? 0) ^ 1;
    expect(openDeviceLock(changed, passphrase).kind).toBe("refused");
  }
});

test("a lock cheaper than INTERACTIVE is neither made nor opened", () => {
  const cheap = [
    { ...PWHASH_INTERACTIVE, passes: 1 },
    { ...PWHASH_INTERACTIVE, memoryBytes: 1024 },
  ];
  const secrets = { localKey, root: null };
  for (const cost of cheap) {
    expect(() => makeDeviceLock("x", secrets, cost, seededRandom("cheap"))).toThrow(EncodingError);
    const fields = { ...cost, salt: new Uint8Array(16), localKey: new Uint8Array(104), root: null };
    expect(() => encode(deviceLockStructure, fields)).toThrow(EncodingError);
  }
  expect(() => makeDeviceLock("x", { localKey: root, root: null }, PWHASH_INTERACTIVE, seededRandom("short"))).toThrow(
    KeyError,
  );
});

function ticking(perReading: number): () => number {
  let now = 0;
  return () => (now += perReading);
}

test("calibration aims at half a second by the clock it is given, and stays within bounds", () => {
  expect(calibrateLock(ticking(100)).passes).toBe(10);
  expect(calibrateLock(ticking(5000)).passes).toBe(PWHASH_INTERACTIVE.passes);
  expect(calibrateLock(ticking(0)).passes).toBe(64);
  expect(calibrateLock(ticking(100)).memoryBytes).toBe(PWHASH_INTERACTIVE.memoryBytes);
});

test("check words are four of the English list, and differ by hash and by purpose", async () => {
  const hash = new Uint8Array(32).fill(7);
  const list = await loadWords("en");
  expect(checked).toHaveLength(4);
  expect(checked.every((word) => list.includes(word))).toBe(true);
  expect(await checkWords("join-request", hash)).toStrictEqual(checked);
  expect(await checkWords("link-device", hash)).not.toStrictEqual(checked);
  expect(await checkWords("join-request", hash.with(0, 8))).not.toStrictEqual(checked);
});
