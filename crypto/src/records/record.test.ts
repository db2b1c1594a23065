import * as fc from "fast-check";
import { expect, test } from "vitest";
import { concat, toHex } from "../primitives/bytes.ts";
import { decodeWithin, encode, encodeWithin } from "../primitives/encoding.ts";
import { pad } from "../primitives/padding.ts";
import { seal } from "../primitives/seal.ts";
import { signStructure } from "../primitives/sign.ts";
import { encodeSigned, openSigned } from "../primitives/signed.ts";
import { bytesOf, testCodec, testStructure, testTamperProof } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { pieceOf, type RecordBody } from "./kinds.ts";
import {
  contentStructure,
  SIGNED_CONTENT_MAX_BYTES,
  type SignedContent,
  type Stub,
  stubStructure,
} from "./record-content.ts";
import { stubOf } from "./record-content-rules.ts";
import { bodyKey, recordHeader, recordIdOf, recordNonce, stateTarget, stubKey } from "./record-keys.ts";
import type { OpenedRecord, RecordDraft } from "./record-types.ts";
import {
  recordBodyHash,
  recordHash,
  recordRemnant,
  remnantHash,
  splitSealed,
  STUB_BYTES,
  toRemnant,
  type WireRecord,
  wireRecord,
} from "./record-wire.ts";
import { openRecord, openStub, roomForText, sealRecord, sealSignedContent } from "./record.ts";
import {
  draftOf,
  groupId,
  keysOf,
  person,
  postBody,
  seedOf,
  someTopic,
  topicBody,
  write,
  writeNewer,
} from "./testing/records-world.ts";

const ana = person("ana");
const bongani = person("bongani");
const keys = keysOf(0);

function reasonOf(opened: OpenedRecord): string {
  return opened.kind === "refused" ? opened.reason : opened.kind;
}

/** Signs content as its device would and seals it, without the checks that an honest client makes first. */
function forge(
  content: SignedContent,
  changes: { stub?: Partial<Stub>; fields?: Partial<WireRecord> } = {},
): WireRecord {
  const signed = signStructure(contentStructure, content, ana.device);
  const record = sealSignedContent(
    { ...content, ...changes.fields },
    { ...stubOf(content), ...changes.stub },
    signed,
    keys,
  );
  if (record === null) throw new Error("no content key");
  return record;
}

test("a sealed record opens to what was written, with all that its author signed", () => {
  const { record, content } = write(ana, { seen: [seedOf("b"), seedOf("a")], expires: 20_100 });
  const opened = openRecord(record, keys);
  expect(opened.kind).toBe("opened");
  if (opened.kind !== "opened") return;
  expect(opened.body).toStrictEqual(postBody);
  expect(opened.content).toStrictEqual({
    ...content,
    seen: [seedOf("a"), seedOf("b")].toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1)),
  });
  expect(opened.stub).toStrictEqual(stubOf(content));
});

test("the same draft gives the same bytes, so that sending again changes nothing", () => {
  expect(write(ana).record).toStrictEqual(write(ana).record);
});

test("nothing of who wrote, which kind, or how often shows in the sealed bytes' length", () => {
  const first = write(ana);
  const late = write(bongani, { number: 2 ** 40, previous: { number: 2 ** 39, hash: seedOf("p") } });
  expect(splitSealed(late.record.sealed).stub.length).toBe(STUB_BYTES);
  expect(late.record.sealed.length).toBe(first.record.sealed.length);
});

test("a topic's id is its own record id", () => {
  const { record } = write(ana, { body: topicBody, topic: null });
  expect(record.topic).toStrictEqual(record.recordId);
});

test("a record sealed again in the next era keeps its id and gets another hash", () => {
  const first = write(ana);
  const again = write(ana, { era: 1, number: 2, salt: draftOf(ana).salt });
  expect(again.id).toStrictEqual(first.id);
  expect(again.key).not.toBe(first.key);
});

test("only one's own device makes one's record ids", () => {
  const salt = seedOf("salt").slice(0, 16);
  expect(recordIdOf(groupId, ana.device.publicKey, salt)).not.toStrictEqual(
    recordIdOf(groupId, bongani.device.publicKey, salt),
  );
});

test("the hash of what is left of a record is that of the whole one", () => {
  const { record } = write(ana);
  const remnant = toRemnant(record);
  expect(remnantHash(remnant)).toStrictEqual(recordHash(record));
  expect(remnant.bodyHash).toStrictEqual(recordBodyHash(record.sealed.subarray(STUB_BYTES)));
});

test("the stub opens from the remnant alone, for whoever has the chain key", () => {
  const { record, content } = write(ana);
  const opened = openStub(toRemnant(record), toRemnant(record).stub, { groupId, chainKey: keys.chainKey });
  expect(opened).toStrictEqual({ kind: "opened", stub: stubOf(content) });
});

test("without the content key a post is locked and a profile opens", () => {
  const locked = { ...keys, contentKey: null };
  expect(openRecord(write(ana).record, locked).kind).toBe("locked");
  const profile: RecordBody = {
    kind: "profile",
    name: "Ana",
    union: null,
    country: null,
    languages: [],
    committees: [],
    role: null,
  };
  expect(openRecord(write(ana, { body: profile, topic: null }).record, locked).kind).toBe("opened");
});

test("no post is sealed without its content key", () => {
  expect(sealRecord(draftOf(ana), ana.device, { ...keys, contentKey: null })).toStrictEqual({
    kind: "refused",
    reason: "no-content-key",
  });
});

const moves: Readonly<Record<string, Partial<WireRecord>>> = {
  "another id": { recordId: seedOf("id").slice(0, 16) },
  "another topic": { topic: seedOf("other topic").slice(0, 16) },
  "no topic": { topic: null },
  "another target": { target: seedOf("other target").slice(0, 16) },
  "another era": { era: 1 },
  "another expiry": { expires: 30_000 },
};
for (const [what, fields] of Object.entries(moves)) {
  test(`a record moved by the server to ${what} does not open`, () => {
    expect(reasonOf(openRecord({ ...write(ana).record, ...fields }, keys))).toBe("stub-forged");
  });
  test(`a record that a member seals again under ${what} is refused`, () => {
    const { content } = write(ana);
    const resealed = forge(content, { fields });
    expect(reasonOf(openRecord(resealed, keys))).toBe("moved");
  });
}

test("a record sealed again in another group is refused", () => {
  const elsewhere = { ...keys, groupId: seedOf("another group") };
  const { content } = write(ana);
  const signed = signStructure(contentStructure, content, ana.device);
  const resealed = sealSignedContent(content, stubOf(content), signed, elsewhere);
  expect(resealed === null ? "" : reasonOf(openRecord(resealed, elsewhere))).toBe("moved");
});

const stubLies: Readonly<Record<string, Partial<Stub>>> = {
  number: { number: 9 },
  "previous number": { previousNumber: 3 },
  "previous hash": { previousHash: seedOf("p") },
  head: { headIndex: 1 },
};
for (const [what, stub] of Object.entries(stubLies)) {
  test(`a stub with another ${what} than the signed one is refused`, () => {
    expect(reasonOf(openRecord(forge(write(ana).content, { stub }), keys))).toBe("moved");
  });
}

test("a stub that names another device than the one that signed is refused", () => {
  const forged = forge(write(ana).content, { stub: { device: bongani.device.publicKey } });
  expect(reasonOf(openRecord(forged, keys))).toBe("bad-signature");
});

test("a record under an id that its device's salt does not give is refused", () => {
  const content = { ...write(ana).content, recordId: write(bongani).id };
  expect(reasonOf(openRecord(forge(content), keys))).toBe("wrong-id");
});

test("a member who speaks in another's name, with an own signature, is refused", () => {
  const { content } = write(bongani);
  const forged = forge(content);
  expect(reasonOf(openRecord(forged, keys))).toBe("bad-signature");
});

test("what a member seals again with another nonce or padding is refused", () => {
  const { record, content } = write(ana);
  const signed = encodeSigned(signStructure(contentStructure, content, ana.device));
  const header = recordHeader(record, groupId);
  const key = bodyKey(keys, false, record.recordId) ?? new Uint8Array(32);
  const { stub } = splitSealed(record.sealed);
  const otherNonce = concat(stub, seal(pad(signed), header, key, new Uint8Array(24)));
  expect(reasonOf(openRecord({ ...record, sealed: otherNonce }, keys))).toBe("sealed-otherwise");
  const longer = concat(pad(signed), new Uint8Array(32));
  const otherPadding = concat(stub, seal(longer, header, key, recordNonce(key, "body", signed)));
  expect(reasonOf(openRecord({ ...record, sealed: otherPadding }, keys))).toBe("malformed");
  const ownStubKey = stubKey(keys.chainKey, record.recordId);
  const otherStub = seal(encode(stubStructure, stubOf(content)), header, ownStubKey, new Uint8Array(24));
  const sealed = concat(otherStub, splitSealed(record.sealed).body);
  expect(reasonOf(openRecord({ ...record, sealed }, keys))).toBe("stub-forged");
});

test("a kind sealed under the key of the other sort is refused", () => {
  const post = { ...write(ana).content, state: true };
  expect(reasonOf(openRecord(forge(post), keys))).toBe("wrong-key");
  const info: RecordBody = { kind: "group-info", name: "Waste services", description: "" };
  const hidden = { ...write(ana, { body: info, topic: null }).content, state: false };
  expect(reasonOf(openRecord(forge(hidden), keys))).toBe("wrong-key");
});

test("a body sealed under the key of the other sort than its stub says does not open", () => {
  expect(reasonOf(openRecord(forge(write(ana).content, { stub: { state: true } }), keys))).toBe("moved");
  const { record } = write(ana);
  const stubKeyHere = stubKey(keys.chainKey, record.recordId);
  const lie = encode(stubStructure, { ...stubOf(write(ana).content), state: true });
  const stub = seal(lie, recordHeader(record, groupId), stubKeyHere, recordNonce(stubKeyHere, "stub", lie));
  const sealed = concat(stub, splitSealed(record.sealed).body);
  expect(reasonOf(openRecord({ ...record, sealed }, keys))).toBe("body-forged");
});

test("state under another's target, or with an expiry, is refused", () => {
  const profile: RecordBody = {
    kind: "profile",
    name: "Ana",
    union: null,
    country: null,
    languages: [],
    committees: [],
    role: null,
  };
  const { content } = write(ana, { body: profile, topic: null });
  const others = stateTarget(keys.firstChainKey, "profile", [bongani.identity.publicKey]);
  expect(reasonOf(openRecord(forge({ ...content, target: others }), keys))).toBe("wrong-place");
  expect(reasonOf(openRecord(forge({ ...content, expires: 30_000 }), keys))).toBe("wrong-place");
  expect(reasonOf(openRecord(forge(content), keys))).toBe("opened");
});

const misplaced: readonly (readonly [string, Partial<RecordDraft>])[] = [
  ["a post outside a topic", { topic: null }],
  ["a post that hangs on something", { target: seedOf("x").slice(0, 16) }],
  ["an edit of nothing", { body: { kind: "retract" } }],
  [
    "a profile inside a topic",
    { body: { kind: "profile", name: "A", union: null, country: null, languages: [], committees: [], role: null } },
  ],
  ["state that expires", { body: { kind: "group-info", name: "A", description: "" }, topic: null, expires: 5 }],
];
for (const [what, changes] of misplaced) {
  test(`${what} is not sealed`, () => {
    expect(sealRecord(draftOf(ana, changes), ana.device, keys)).toStrictEqual({
      kind: "refused",
      reason: "wrong-place",
    });
  });
}

test("a number that is not above the previous one is refused, by writer and reader", () => {
  const previous = { number: 5, hash: seedOf("p") };
  expect(sealRecord(draftOf(ana, { number: 5, previous }), ana.device, keys)).toStrictEqual({
    kind: "refused",
    reason: "wrong-number",
  });
  const { content } = write(ana, { number: 6, previous });
  expect(reasonOf(openRecord(forge({ ...content, number: 5 }), keys))).toBe("wrong-number");
  expect(reasonOf(openRecord(forge({ ...content, previous: { number: 0, hash: seedOf("p") } }), keys))).toBe(
    "wrong-number",
  );
  expect(reasonOf(openRecord(forge({ ...content, previous: { number: 5, hash: new Uint8Array(32) } }), keys))).toBe(
    "wrong-number",
  );
});

test("a record with a version of its content that is not known says so", () => {
  expect(openRecord(writeNewer(ana).record, keys).kind).toBe("newer-version");
});

test("a version that is not known must be signed by the stub's device all the same", () => {
  const opened = openRecord(writeNewer(ana, {}, person("bongani").device).record, keys);
  expect(opened.kind === "refused" && opened.reason).toBe("bad-signature");
});

test("the longest text fits, one byte more does not", () => {
  for (const body of [postBody, topicBody]) {
    const draft = draftOf(ana, { body, topic: body.kind === "topic" ? null : someTopic, seen: [seedOf("a")] });
    const room = roomForText(draft, keys);
    const sealOf = (bytes: number) =>
      sealRecord({ ...draft, body: { ...body, text: "x".repeat(bytes) } }, ana.device, keys);
    expect(room).toBeGreaterThan(60_000);
    const longest = sealOf(room);
    expect(longest.kind === "sealed" && longest.record.sealed.length <= 65_536).toBe(true);
    expect(longest.kind === "sealed" && openRecord(longest.record, keys).kind).toBe("opened");
    expect(sealOf(room - 1).kind).toBe("sealed");
    expect(sealOf(room + 1)).toStrictEqual({ kind: "refused", reason: "too-large" });
  }
});

test("the room for text does not depend on the text in the draft, and counts bytes, not letters", () => {
  const draft = draftOf(ana);
  const room = roomForText(draft, keys);
  expect(roomForText({ ...draft, body: { ...postBody, text: "ありがとう".repeat(3_000) } }, keys)).toBe(room);
  const japanese = "あ".repeat(Math.floor(room / 3));
  expect(sealRecord({ ...draft, body: { ...postBody, text: japanese } }, ana.device, keys).kind).toBe("sealed");
  expect(sealRecord({ ...draft, body: { ...postBody, text: `${japanese}あ` } }, ana.device, keys).kind).toBe("refused");
});

test("more than 64 KiB, or less than any record has, is refused before anything is opened", () => {
  const { record } = write(ana);
  const sized = (length: number) => openRecord({ ...record, sealed: new Uint8Array(length) }, keys);
  expect(reasonOf(sized(65_537))).toBe("too-large");
  expect(reasonOf(sized(65_536))).toBe("stub-forged");
  expect(reasonOf(sized(STUB_BYTES + 327))).toBe("malformed");
  expect(reasonOf(sized(STUB_BYTES + 328))).toBe("stub-forged");
});

test("the largest signed content leaves no room for the next padded length", () => {
  expect(STUB_BYTES + 72 + pad(new Uint8Array(SIGNED_CONTENT_MAX_BYTES)).length).toBeLessThanOrEqual(65_536);
  expect(STUB_BYTES + 72 + pad(new Uint8Array(SIGNED_CONTENT_MAX_BYTES + 1)).length).toBeGreaterThan(65_536);
});

const id = bytesOf(16);
const hash = bytesOf(32);
const count = fc.nat({ max: 2 ** 40 });
const fields = {
  recordId: id,
  topic: fc.option(id),
  target: fc.option(id),
  era: count,
  expires: fc.option(fc.nat({ max: 90_000 })),
};
const WIRE_MAX_BYTES = 70_000;
const smallestFields = { recordId: seedOf("r").slice(0, 16), topic: null, target: null, era: 0, expires: null };

testCodec("wire record", wireRecord, WIRE_MAX_BYTES, {
  values: fc.record({ ...fields, sealed: bytesOf({ min: 515, max: 600 }) }),
  smallest: { ...smallestFields, sealed: new Uint8Array(515).fill(0x20) },
  runs: 20,
});
testCodec("record remnant", recordRemnant, 512, {
  values: fc.record({ ...fields, stub: bytesOf(STUB_BYTES), bodyHash: hash }),
  smallest: { ...smallestFields, stub: new Uint8Array(STUB_BYTES), bodyHash: new Uint8Array(32) },
});
testStructure("stub", stubStructure, {
  values: fc.record({
    device: hash,
    number: count,
    previousNumber: count,
    previousHash: hash,
    headIndex: count,
    state: fc.boolean(),
  }),
  smallest: stubOf(write(ana).content),
});
testStructure("signed content", contentStructure, {
  values: fc.record({
    ...fields,
    groupId: hash,
    state: fc.boolean(),
    kind: fc.constantFrom("post", "topic", "something-newer"),
    body: bytesOf({ min: 0, max: 300 }),
    author: hash,
    device: hash,
    statement: fc.option(bytesOf({ min: 1, max: 200 })),
    number: fc.integer({ min: 1, max: 2 ** 40 }),
    previous: fc.record({ number: count, hash }),
    seen: fc.uniqueArray(hash, { maxLength: 4, selector: toHex }),
    head: fc.record({ index: count, hash }),
    vaultVersion: count,
    time: count,
    salt: id,
  }),
  smallest: write(ana).content,
  normal: (value) => ({ ...value, seen: value.seen.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1)) }),
});

const { record: example } = write(ana);
testTamperProof("sealed record", {
  example: () => example.sealed,
  open: (sealed) => openRecord({ ...example, sealed }, keys),
  isRefusal: ({ kind }) => kind === "refused",
});
testTamperProof("wire record", {
  example: () => encodeWithin(wireRecord, example, WIRE_MAX_BYTES),
  open: (bytes) => openRecord(decodeWithin(wireRecord, bytes, WIRE_MAX_BYTES), keys),
  isRefusal: ({ kind }) => kind === "refused",
});
const signedExample = encodeSigned(signStructure(contentStructure, write(ana).content, ana.device));
testTamperProof("signed content", {
  example: () => signedExample,
  open: (wire) => openSigned(contentStructure, wire, ({ device }) => device),
});

/** The example with other signed content sealed in its place, under the same keys. */
function withSignedContent(signed: Uint8Array): WireRecord {
  const key = bodyKey(keys, false, example.recordId) ?? new Uint8Array();
  const body = seal(pad(signed), recordHeader(example, groupId), key, recordNonce(key, "body", signed));
  return { ...example, sealed: concat(splitSealed(example.sealed).stub, body) };
}
testTamperProof("signed content inside its seal", {
  example: () => signedExample,
  open: (signed) => openRecord(withSignedContent(signed), keys),
  isRefusal: ({ kind }) => kind !== "opened",
});

/** What is found by a target of its own, beside a profile and the group's name: a category and the notebook's kinds. */
const pieces: readonly RecordBody[] = [
  { kind: "category", categoryId: seedOf("c").slice(0, 16), name: "A", order: 0, retired: false },
  { kind: "read-position", groupId, topicId: someTopic, seq: 0, recordId: null },
  { kind: "draft", groupId, topicId: null, title: "", text: "", replyTo: null },
  { kind: "verified", identityKey: bongani.identity.publicKey, verified: true, day: 20_000 },
  { kind: "follow", groupId, topicId: someTopic, mode: "mute" },
];
const kinds: Readonly<Record<string, RecordBody>> = { post: postBody, topic: topicBody };
frozenVectors("records", {
  "record id": () => recordIdOf(groupId, ana.device.publicKey, draftOf(ana).salt),
  "target of a profile": () => stateTarget(keys.firstChainKey, "profile", [ana.identity.publicKey]),
  "target of the group's name": () => stateTarget(keys.firstChainKey, "group-info", [""]),
  ...Object.fromEntries(
    pieces.map((body) => [
      `target of ${body.kind}`,
      () => stateTarget(keys.firstChainKey, body.kind, pieceOf(body, ana.identity.publicKey) ?? []),
    ]),
  ),
  "record header": () => recordHeader(write(ana).record, groupId),
  "signed content of a post": () => signedExample,
  "sealed post": () => write(ana).record.sealed,
  "sealed topic": () => write(ana, { body: kinds["topic"] ?? postBody, topic: null }).record.sealed,
  "sealed profile": () =>
    write(ana, {
      body: {
        kind: "profile",
        name: "Ana",
        union: "PSI",
        country: null,
        languages: ["pt"],
        committees: [],
        role: null,
      },
      topic: null,
    }).record.sealed,
  "record hash": () => write(ana).hash,
  "hash of a record's body": () => toRemnant(write(ana).record).bodyHash,
  "wire record": () => encodeWithin(wireRecord, write(ana).record, WIRE_MAX_BYTES),
});
