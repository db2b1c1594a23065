import * as fc from "fast-check";
import { expect, test } from "vitest";
import { signStructure } from "../primitives/sign.ts";
import { encodeSigned } from "../primitives/signed.ts";
import { bytesOf, testCodec, testStructure, testTamperProof, textOf } from "../testing/codec-laws.ts";
import { testAccount, testBoxKey, testDevice, testRevocation } from "../testing/accounts.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { accountIdOf } from "./account-id.ts";
import { registrationStructure, verifyRegistration } from "./registration.ts";
import { newRoot, rootKeys } from "./root.ts";
import { signInStructure, verifySignIn } from "./sign-in.ts";
import { sign } from "../primitives/sign.ts";
import { decode, decodeWithin, encode, encodeWithin } from "../primitives/encoding.ts";
import {
  bareStatement,
  boxKeyHash,
  deviceDetailsHash,
  statementForGroups,
  statementForm,
  statementStructure,
  verifyBareStatement,
  verifyStatement,
} from "./statements.ts";

const ana = testAccount("ana");
const bongani = testAccount("bongani");
const origin = "http://localhost:8080";
const next = testBoxKey("ana/box-key-1", 1);
const linked = testDevice(ana.keys, "ana/device-1", null);
const revocation = testRevocation(ana.keys, ana.device, next.public);
const registration = {
  origin,
  identityKey: ana.keys.identity.publicKey,
  signInKey: ana.keys.signIn.publicKey,
  deviceStatement: bareStatement(ana.device.statement),
};
const registrationWire = (): Uint8Array =>
  encodeSigned(signStructure(registrationStructure, registration, ana.keys.identity));
const signIn = { origin, challenge: new Uint8Array(32).fill(3), accountId: ana.keys.accountId };
const signInSignature = sign(encode(signInStructure, signIn), ana.device.signing.secretKey);

frozenVectors("account", {
  "account id": () => ana.keys.accountId,
  "identity public key": () => ana.keys.identity.publicKey,
  "recovery public key": () => ana.keys.recovery.publicKey,
  "sign-in public key": () => ana.keys.signIn.publicKey,
  "first device's statement": () => bareStatement(ana.device.statement),
  "first device's statement for groups": () =>
    encodeWithin(statementForm, statementForGroups(ana.device.statement), 8192),
  "linked device's statement": () => bareStatement(linked.statement),
  revocation: () => bareStatement(revocation),
  "statement hash": () => revocation.hash,
  "box key hash": () => boxKeyHash(next.public),
  "device details hash": () => deviceDetailsHash({ name: "phone", boxPublicKey: ana.device.box.publicKey }),
  registration: registrationWire,
  "sign-in signature": () => signInSignature,
});

testStructure("a statement", statementStructure, {
  values: fc.record({
    identityKey: bytesOf(32),
    fact: fc.oneof(
      fc.record({
        kind: fc.constant("device" as const),
        signingKey: bytesOf(32),
        detailsHash: bytesOf(32),
        boxKeyHash: fc.option(bytesOf(32)),
        day: fc.nat(100_000),
      }),
      fc.record({
        kind: fc.constant("revoke" as const),
        signingKey: bytesOf(32),
        boxKeyHash: bytesOf(32),
        day: fc.nat(100_000),
      }),
    ),
  }),
  smallest: {
    identityKey: new Uint8Array(32),
    fact: {
      kind: "device",
      signingKey: new Uint8Array(32),
      detailsHash: new Uint8Array(32),
      boxKeyHash: null,
      day: 0,
    },
  },
});
testCodec("a statement as it travels", statementForm, 8192, {
  values: fc.record({
    payload: bytesOf({ min: 0, max: 512 }),
    signature: bytesOf(64),
    boxKey: fc.option(fc.record({ generation: fc.nat(), publicKey: bytesOf(1216), labelKey: bytesOf(32) })),
    details: fc.option(fc.record({ name: textOf(128), boxPublicKey: bytesOf(1216) })),
  }),
  smallest: { payload: new Uint8Array(), signature: new Uint8Array(64), boxKey: null, details: null },
  runs: 20,
});
testStructure("a registration", registrationStructure, {
  values: fc.record({
    origin: textOf(200).filter((text) => text !== ""),
    identityKey: bytesOf(32),
    signInKey: bytesOf(32),
    deviceStatement: bytesOf({ min: 0, max: 584 }),
  }),
  smallest: {
    origin: "x",
    identityKey: new Uint8Array(32),
    signInKey: new Uint8Array(32),
    deviceStatement: new Uint8Array(),
  },
});
testStructure("a sign-in", signInStructure, {
  values: fc.record({
    origin: textOf(200).filter((text) => text !== ""),
    challenge: bytesOf(32),
    accountId: bytesOf(16),
  }),
  smallest: { origin: "x", challenge: new Uint8Array(32), accountId: new Uint8Array(16) },
});

testTamperProof("a bare statement", {
  example: () => bareStatement(linked.statement),
  open: verifyBareStatement,
  isRefusal: (verdict) => verdict.kind === "refused",
});
for (const [name, { wire }] of [
  ["a statement with its box key and device details", ana.device.statement],
  ["a statement with its device details", linked.statement],
  ["a revocation with its box key", revocation],
] as const)
  testTamperProof(name, {
    example: () => encodeWithin(statementForm, wire, 8192),
    open: (encoded) => verifyStatement(decodeWithin(statementForm, encoded, 8192)),
    isRefusal: (verdict) => verdict.kind === "refused",
  });
testTamperProof("a sign-in signature", {
  example: () => signInSignature,
  open: (signature) => verifySignIn(signIn, ana.device.signing.publicKey, signature),
  isRefusal: (good) => !good,
});
testTamperProof("what a sign-in signs", {
  example: () => encode(signInStructure, signIn),
  open: (signed) => verifySignIn(decode(signInStructure, signed), ana.device.signing.publicKey, signInSignature),
  isRefusal: (good) => !good,
});
testTamperProof("a registration", {
  example: registrationWire,
  open: (wire) => verifyRegistration(wire, origin),
  isRefusal: (verdict) => verdict.kind === "refused",
});

test("the same root gives the same keys, another one others, and no key serves twice", () => {
  const again = rootKeys(ana.root);
  expect(again).toStrictEqual(ana.keys);
  expect(rootKeys(newRoot((length) => new Uint8Array(length))).accountId).not.toStrictEqual(ana.keys.accountId);
  expect(again.identity.publicKey).not.toStrictEqual(again.signIn.publicKey);
  expect(accountIdOf(ana.keys.identity.publicKey)).toStrictEqual(ana.keys.accountId);
});

test("a statement is good with its parts, and bare for the server", () => {
  for (const statement of [ana.device.statement, linked.statement, revocation]) {
    expect(verifyStatement(statement.wire)).toStrictEqual({ kind: "verified", statement });
    expect(verifyBareStatement(bareStatement(statement)).kind).toBe("verified");
  }
});

test("what the server and records are given holds neither the box key nor the device's name", () => {
  const bare = Buffer.from(bareStatement(ana.device.statement));
  expect(bare.length).toBeLessThan(300);
  expect(bare.includes(Buffer.from(ana.boxKey.public.labelKey))).toBe(false);
  expect(bare.includes("ana/device")).toBe(false);
  expect(statementForGroups(ana.device.statement).details).toBeNull();
});

test("a statement whose box key was held back, or exchanged, is refused", () => {
  const { wire } = revocation;
  expect(verifyStatement({ ...wire, boxKey: null })).toStrictEqual({ kind: "refused", reason: "box-key-missing" });
  const other = { kind: "refused", reason: "wrong-part" };
  expect(verifyStatement({ ...wire, boxKey: { ...next.public, generation: 9 } })).toStrictEqual(other);
  expect(verifyStatement({ ...wire, boxKey: ana.boxKey.public })).toStrictEqual(other);
  expect(verifyStatement({ ...linked.statement.wire, boxKey: next.public })).toStrictEqual(other);
  expect(verifyStatement({ ...wire, details: linked.statement.wire.details })).toStrictEqual(other);
});

test("another account's key certifies nobody", () => {
  const { value } = signStructure(
    statementStructure,
    { identityKey: ana.keys.identity.publicKey, fact: linked.statement.fact },
    ana.keys.identity,
  );
  const forged = encodeSigned(signStructure(statementStructure, value, bongani.keys.identity));
  expect(verifyBareStatement(forged)).toStrictEqual({ kind: "refused", reason: "forged" });
});

test("a registration counts at the hall it names, with a device of the same account", () => {
  const verdict = verifyRegistration(registrationWire(), origin);
  expect(verdict).toStrictEqual({
    kind: "registered",
    account: {
      accountId: ana.keys.accountId,
      identityKey: ana.keys.identity.publicKey,
      signInKey: ana.keys.signIn.publicKey,
      deviceKey: ana.device.signing.publicKey,
    },
  });
  expect(verifyRegistration(registrationWire(), "https://other.example")).toStrictEqual({
    kind: "refused",
    reason: "other-origin",
  });
  for (const statement of [bongani.device.statement, revocation]) {
    const wrong = { ...registration, deviceStatement: bareStatement(statement) };
    const wire = encodeSigned(signStructure(registrationStructure, wrong, ana.keys.identity));
    expect(verifyRegistration(wire, origin)).toStrictEqual({ kind: "refused", reason: "bad-device" });
  }
});

test("a sign-in counts for its origin, challenge, account and key only", () => {
  const device = ana.device.signing;
  const signature = sign(encode(signInStructure, signIn), device.secretKey);
  const judged = (changed: Partial<typeof signIn>): boolean =>
    verifySignIn({ ...signIn, ...changed }, device.publicKey, signature);
  expect(judged({})).toBe(true);
  expect(judged({ origin: "https://other.example" })).toBe(false);
  expect(judged({ challenge: new Uint8Array(32) })).toBe(false);
  expect(judged({ accountId: bongani.keys.accountId })).toBe(false);
  expect(verifySignIn(signIn, linked.signing.publicKey, signature)).toBe(false);
  expect(verifySignIn(signIn, device.publicKey, signature.slice(1))).toBe(false);
});
