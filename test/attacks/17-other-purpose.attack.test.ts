import {
  box,
  type BoxPurpose,
  boxKeyPair,
  decode,
  deriveKey,
  encode,
  encodeSigned,
  labelledHash,
  openSigned,
  OpenError,
  randomBoxSeed,
  signingKeyPair,
  signStructure,
  signToWire,
  structure,
  bytes,
  toHex,
  unbox,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { statementStructure } from "../../crypto/src/account/statements.ts";
import { vaultStructure } from "../../crypto/src/account/vault.ts";
import { entryStructure } from "../../crypto/src/group/entry.ts";
import { passChallengeStructure } from "../../crypto/src/group/pass-challenge.ts";
import { stewardCommandStructure } from "../../crypto/src/group/steward-command.ts";
import { joinRequestStructure } from "../../crypto/src/invites/join-request.ts";
import { mailboxReadStructure } from "../../crypto/src/invites/mailbox-read.ts";
import { contentStructure } from "../../crypto/src/records/record-content.ts";
import { seededRandom } from "../../crypto/src/testing/seeded-random.ts";

const random = seededRandom("purposes");
const purposes: readonly BoxPurpose[] = ["era", "vault", "link-device", "guest", "desk"];

test("attack 17: a box made for one purpose opens for no other", () => {
  const key = boxKeyPair(random(32));
  const header = random(16);
  for (const made of purposes) {
    const boxed = box(made, random(32), header, key.publicKey, randomBoxSeed(random));
    const opened = purposes.filter((purpose) => {
      try {
        return unbox(purpose, boxed, header, key).length === 32;
      } catch (error) {
        if (error instanceof OpenError) return false;
        throw error;
      }
    });
    expect(opened).toEqual([made]);
  }
});

const signedTypes = [
  statementStructure,
  vaultStructure,
  entryStructure,
  passChallengeStructure,
  stewardCommandStructure,
  joinRequestStructure,
  mailboxReadStructure,
  contentStructure,
];

test("attack 17: every signed structure has a label of its own", () => {
  expect(new Set(signedTypes.map(({ label }) => label)).size).toBe(signedTypes.length);
});

test("attack 17: what was signed as one thing is refused as every other, though the signature is good", () => {
  const key = signingKeyPair(random(32));
  const wires = signedTypes.map(({ label, maxBytes }) => {
    const same = structure(label.replace("unionhall/v1/", ""), maxBytes, { anything: bytes(32) });
    return signToWire(same, { anything: random(32) }, key);
  });
  for (const [index, read] of signedTypes.entries())
    for (const [other, wire] of wires.entries()) {
      if (other === index) continue;
      expect(() => openSigned<unknown>({ ...read }, wire, () => key.publicKey)).toThrow("wrong-label");
    }
});

test("attack 17: one shape under two labels: the signature of one is none of the other", () => {
  const [one, two] = ["attack-one", "attack-two"].map((purpose) => structure(purpose, 100, { anything: bytes(8) }));
  if (one === undefined || two === undefined) throw new Error("two structures");
  const key = signingKeyPair(random(32));
  const signed = signStructure(one, { anything: random(8) }, key);
  expect(openSigned(one, encodeSigned(signed), () => key.publicKey).value).toEqual(signed.value);
  const relabelled = { ...signed, payload: encode(two, signed.value) };
  expect(() => openSigned(two, encodeSigned(relabelled), () => key.publicKey)).toThrow("signature");
  expect(() => decode(two, signed.payload)).toThrow("wrong-label");
});

test("attack 17: keys and hashes of different purposes never meet", () => {
  const key = random(32);
  const names = [
    "chain",
    "content",
    "pass",
    "label",
    "entry",
    "stub",
    "record",
    "state",
    "link-chain",
    "link-content",
    "target",
    "box",
  ];
  expect(new Set(names.map((name) => toHex(deriveKey(key, name)))).size).toBe(names.length);
  expect(new Set(names.map((name) => toHex(labelledHash(name)))).size).toBe(names.length);
});
