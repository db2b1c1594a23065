import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encode, type Structure, structure, text } from "../primitives/encoding.ts";
import { EncodingError } from "../primitives/errors.ts";
import { bytesOf, testStructure, textOf } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import {
  bodyStructures,
  decodeBody,
  encodeBody,
  isKnownKind,
  KIND_LIMITS,
  type KnownBody,
  pieceOf,
  placeOfKind,
  type RecordKind,
} from "./kinds.ts";
import { postBody, seedOf, topicBody } from "./testing/records-world.ts";

const id = seedOf("id").slice(0, 16);
const key = seedOf("key");

const smallestStatement = { payload: new Uint8Array(), signature: new Uint8Array(64), boxKey: null, details: null };

/** The smallest body of each kind. */
const smallest: { readonly [K in RecordKind]: Extract<KnownBody, { kind: K }> } = {
  topic: topicBody,
  post: { ...postBody, text: "" },
  edit: { kind: "edit", title: null, text: "", category: null, mentions: [], files: [] },
  retract: { kind: "retract" },
  reaction: { kind: "reaction", reaction: "+", on: true },
  pin: { kind: "pin", pinned: false },
  statement: { kind: "statement", handedOn: { kind: "account", statement: smallestStatement } },
  profile: { kind: "profile", name: "A", union: null, country: null, languages: [], committees: [], role: null },
  "group-info": { kind: "group-info", name: "A", description: "" },
  category: { kind: "category", categoryId: id, name: "A", order: 0, retired: false },
  "read-position": { kind: "read-position", groupId: key, topicId: null, seq: 0, recordId: null },
  draft: { kind: "draft", groupId: key, topicId: null, title: "", text: "", replyTo: null },
  verified: { kind: "verified", identityKey: key, verified: true, day: 20_000 },
  follow: { kind: "follow", groupId: key, topicId: null, mode: "mute" },
};

const ids = bytesOf(16);
const keys = bytesOf(32);
const count = fc.nat({ max: 2 ** 50 });
const line = textOf(200).filter((value) => value.length > 0);
const lines = fc.array(line, { maxLength: 3 });
const mentions = fc.array(keys, { maxLength: 3 });
const files = fc.array(
  fc.record({
    blobId: ids,
    key: keys,
    noncePrefix: bytesOf(15),
    name: line,
    mediaType: textOf(100),
    bytes: count,
    sealedBytes: count,
    sealedHash: keys,
  }),
  { maxLength: 2 },
);
const statement = fc.record({
  payload: bytesOf({ min: 0, max: 200 }),
  signature: bytesOf(64),
  boxKey: fc.option(fc.record({ generation: fc.nat(), publicKey: bytesOf(1_216), labelKey: keys })),
  details: fc.constant(null),
});
const link = fc.record({ chain: bytesOf(104), content: fc.option(bytesOf(104)) });
const handedOn = fc.oneof(
  fc.record({ kind: fc.constant("account"), statement }),
  fc.record({ kind: fc.constant("box"), era: count, label: ids, bytes: bytesOf({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant("link"), era: count, link }),
);

const values: { readonly [K in RecordKind]: fc.Arbitrary<object> } = {
  topic: fc.record({ title: line, text: textOf(2_000), category: fc.option(ids), mentions, files }),
  post: fc.record({
    text: textOf(2_000),
    reply: fc.option(fc.record({ recordId: ids, quote: textOf(400) })),
    mentions,
    files,
  }),
  edit: fc.record({ title: fc.option(line), text: textOf(2_000), category: fc.option(ids), mentions, files }),
  retract: fc.constant({}),
  reaction: fc.record({
    reaction: textOf(KIND_LIMITS.reactionBytes).filter((value) => value !== ""),
    on: fc.boolean(),
  }),
  pin: fc.record({ pinned: fc.boolean() }),
  statement: fc.record({ handedOn }),
  profile: fc.record({
    name: line,
    union: fc.option(line),
    country: fc.option(line),
    languages: lines,
    committees: lines,
    role: fc.option(line),
  }),
  "group-info": fc.record({ name: line, description: textOf(2_000) }),
  category: fc.record({ categoryId: ids, name: line, order: count, retired: fc.boolean() }),
  "read-position": fc.record({ groupId: keys, topicId: fc.option(ids), seq: count, recordId: fc.option(ids) }),
  draft: fc.record({
    groupId: keys,
    topicId: fc.option(ids),
    title: textOf(400),
    text: textOf(2_000),
    replyTo: fc.option(ids),
  }),
  verified: fc.record({ identityKey: keys, verified: fc.boolean(), day: fc.nat({ max: 90_000 }) }),
  follow: fc.record({ groupId: keys, topicId: fc.option(ids), mode: fc.constantFrom("follow", "mute", "neither") }),
};

function kinds(): readonly RecordKind[] {
  return Object.keys(bodyStructures).filter(isKnownKind);
}

/** A body without its kind, as the structure has it. */
function fieldsOf(body: KnownBody): object {
  const { kind: _, ...fields } = body;
  return fields;
}

for (const kind of kinds()) {
  const definition: Structure<object> = {
    ...bodyStructures[kind],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the values of this kind's own arbitrary
    toData: (value) => (bodyStructures[kind] as Structure<object>).toData(value),
  };
  testStructure(`body of ${kind}`, definition, { values: values[kind], smallest: fieldsOf(smallest[kind]), runs: 25 });

  test(`a body of ${kind} comes back as what it was`, () => {
    const { kind: name, body } = encodeBody(smallest[kind]);
    expect(name).toBe(kind);
    expect(decodeBody(name, body)).toStrictEqual(smallest[kind]);
  });
}

test("version 1 has these kinds", () => {
  expect(kinds().toSorted((a, b) => (a < b ? -1 : 1))).toStrictEqual([
    "category",
    "draft",
    "edit",
    "follow",
    "group-info",
    "pin",
    "post",
    "profile",
    "reaction",
    "read-position",
    "retract",
    "statement",
    "topic",
    "verified",
  ]);
});

test("profile, group-info and category, and no others, are state that every newcomer reads", () => {
  expect(kinds().filter((kind) => placeOfKind(kind).state)).toStrictEqual(["profile", "group-info", "category"]);
});

test("pin, group-info and category, and no others, are for facilitators", () => {
  expect(kinds().filter((kind) => placeOfKind(kind).facilitatorOnly)).toStrictEqual(["pin", "group-info", "category"]);
});

test("every kind whose target is a piece of something says of what", () => {
  expect(kinds().filter((kind) => pieceOf(smallest[kind], key) !== null)).toStrictEqual(
    kinds().filter((kind) => placeOfKind(kind).target === "piece"),
  );
});

test("a kind that is not known is kept with its name and bytes", () => {
  const body = Uint8Array.of(0x81, 0x01);
  expect(decodeBody("poll", body)).toStrictEqual({ kind: "unknown", name: "poll", bytes: body });
  expect(encodeBody({ kind: "unknown", name: "poll", bytes: body })).toStrictEqual({ kind: "poll", body });
});

test("what every object has is no kind", () => {
  for (const name of ["constructor", "toString", "__proto__"]) expect(isKnownKind(name)).toBe(false);
});

test("an unknown kind's body is strict CBOR all the same", () => {
  for (const junk of [
    Uint8Array.of(0x18, 0x01),
    Uint8Array.of(0x81),
    new Uint8Array(20).fill(0x81),
    new Uint8Array(),
  ]) {
    expect(() => decodeBody("poll", junk)).toThrow(EncodingError);
  }
});

test("a known kind in a newer version is kept as unknown", () => {
  const newer = structure("record-post", 1_000, { text: text({ maxBytes: 100 }) });
  const body = encode({ ...newer, toData: () => ["unionhall/v2/record-post", "?"] }, { text: "" });
  expect(decodeBody("post", body)).toStrictEqual({ kind: "unknown", name: "post", bytes: body });
});

test("a body under another kind's name is refused", () => {
  const { body } = encodeBody(smallest.topic);
  expect(() => decodeBody("post", body)).toThrow(new EncodingError("wrong-label"));
});

const limits: readonly (readonly [string, (bytes: number) => KnownBody, number])[] = [
  ["title", (n) => ({ ...smallest.topic, title: "x".repeat(n) }), KIND_LIMITS.titleBytes],
  ["quote", (n) => ({ ...postBody, reply: { recordId: id, quote: "x".repeat(n) } }), KIND_LIMITS.quoteBytes],
  ["reaction", (n) => ({ ...smallest.reaction, reaction: "x".repeat(n) }), KIND_LIMITS.reactionBytes],
  ["name", (n) => ({ ...smallest.profile, name: "x".repeat(n) }), KIND_LIMITS.nameBytes],
  ["union", (n) => ({ ...smallest.profile, union: "x".repeat(n) }), KIND_LIMITS.profileLineBytes],
  ["description", (n) => ({ ...smallest["group-info"], description: "x".repeat(n) }), KIND_LIMITS.descriptionBytes],
  [
    "box handed on",
    (n) => ({ kind: "statement", handedOn: { kind: "box", era: 0, label: id, bytes: new Uint8Array(n) } }),
    KIND_LIMITS.boxBytes,
  ],
  ["mentions", (n) => ({ ...postBody, mentions: Array.from({ length: n }, () => key) }), KIND_LIMITS.mentions],
  [
    "languages",
    (n) => ({ ...smallest.profile, languages: Array.from({ length: n }, () => "a") }),
    KIND_LIMITS.profileLines,
  ],
];
for (const [what, bodyWith, limit] of limits) {
  test(`${what}: ${limit} are taken, one more is not`, () => {
    expect(encodeBody(bodyWith(limit - 1)).body.length).toBeGreaterThan(0);
    expect(encodeBody(bodyWith(limit)).body.length).toBeGreaterThan(0);
    expect(() => encodeBody(bodyWith(limit + 1))).toThrow(new EncodingError("wrong-shape"));
  });
}

test("a title, a name and a reaction cannot be empty", () => {
  for (const body of [
    { ...smallest.topic, title: "" },
    { ...smallest.profile, name: "" },
    { ...smallest["group-info"], name: "" },
    { ...smallest.reaction, reaction: "" },
  ]) {
    expect(() => encodeBody(body)).toThrow(new EncodingError("wrong-shape"));
  }
});

frozenVectors(
  "record-kinds",
  Object.fromEntries(kinds().map((kind) => [kind, () => encodeBody(smallest[kind]).body] as const)),
);
