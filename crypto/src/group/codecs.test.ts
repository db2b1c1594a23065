import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { decode, encode } from "../primitives/encoding.ts";
import { EncodingError } from "../primitives/errors.ts";
import { bytesOf, testCodec, testStructure, testTamperProof } from "../testing/codec-laws.ts";
import { bitFlips, extensions, truncations } from "../testing/cbor-mutations.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { type Entry, entryStructure } from "./entry.ts";
import { sealedEntryStructure } from "./entry-wire.ts";
import { applyEntry } from "./group-chain.ts";
import { boxRecipients } from "./box-recipients.ts";
import { makeBoxes, openBox } from "./boxes.ts";
import { firstEra, nextEra } from "./era.ts";
import { chainKeyBefore, contentKeyBefore, eraLinkCodec, makeEraLink } from "./era-link.ts";
import { emptyGroup } from "./group-state.ts";
import { type Operation, operationCodec } from "./operations.ts";
import { passChallengeStructure, verifyPassAnswer } from "./pass-challenge.ts";
import { signPassChallenge } from "./pass.ts";
import { decodeGroupState, encodeGroupState } from "./state-codec.ts";
import { type StewardOperation, stewardCommandStructure, verifyStewardCommand } from "./steward-command.ts";
import { signStewardCommand } from "./steward.ts";
import { operationArbitraries } from "./testing/arbitraries.ts";
import { missing } from "./testing/missing.ts";
import { person, seedOf } from "./testing/people.ts";
import {
  admit,
  endInvite,
  instantInvite,
  invite,
  leave,
  remove,
  revoke,
  changeRole,
  TestGroup,
} from "./testing/test-group.ts";

const [ana, bo, chidi] = [person("ana"), person("bo"), person("chidi")];
const key = bytesOf(32);
const groupId = seedOf("group");
const origin = "https://hall.example";

const leaving: Operation = { kind: "leave", lastWords: [] };
const smallestEntry: Entry = {
  groupId,
  index: 1,
  previousHash: seedOf("previous"),
  era: 0,
  operations: [leaving],
  author: ana.key,
  device: ana.device().publicKey,
  statements: [],
  time: 1,
};

/** Sets come back in the order in which they are written. */
const throughEntry = (entry: Entry): Entry => decode(entryStructure, encode(entryStructure, entry));

for (const operation of operationArbitraries) {
  const [example = missing()] = fc.sample(operation, { seed: 1, numRuns: 1 });
  const entry = fc.record({
    groupId: fc.option(key),
    index: fc.nat(),
    previousHash: key,
    era: fc.nat(),
    operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
    author: key,
    device: key,
    statements: fc.constant([]),
    time: fc.nat(),
  });
  testStructure(`entry with ${example.kind}`, entryStructure, {
    values: entry,
    smallest: smallestEntry,
    normal: throughEntry,
    runs: 20,
  });
}

testCodec("leave", operationCodec, 100, { values: fc.constant(leaving), smallest: leaving });

testStructure("sealed entry", sealedEntryStructure, {
  values: fc.record({
    groupId: key,
    index: fc.nat(),
    era: fc.nat(),
    startsEra: fc.option(fc.nat()),
    sealed: bytesOf({ min: 0, max: 500 }),
  }),
  smallest: { groupId, index: 0, era: 0, startsEra: null, sealed: new Uint8Array() },
});

testCodec("era link", eraLinkCodec, 300, {
  values: fc.record({ chain: bytesOf(104), content: fc.option(bytesOf(104)) }),
  smallest: { chain: new Uint8Array(104), content: null },
});

testStructure("pass challenge", passChallengeStructure, {
  values: fc.record({
    origin: fc.webUrl().filter(({ length }) => length < 300),
    groupId: key,
    era: fc.nat(),
    nonce: key,
  }),
  smallest: { origin, groupId, era: 0, nonce: seedOf("nonce") },
});

const startedEra = fc.record({ number: fc.nat(), passKey: key, labelKey: key });
const stewards = fc.uniqueArray(key, { minLength: 1, maxLength: 4, selector: toHex });
const stewardOperation = fc.oneof(
  fc.record({
    kind: fc.constant("chain"),
    entryHash: key,
    era: fc.option(startedEra),
    stewards: fc.option(stewards),
  }),
  fc.record({ kind: fc.constant("stewards"), stewards }),
  fc.record({
    kind: fc.constant("limits"),
    limits: fc.tuple(
      fc.record({ name: fc.constantFrom("record-bytes", "entries-per-day"), value: fc.option(fc.nat()) }),
    ),
  }),
  fc.record({ kind: fc.constant("erase"), recordId: bytesOf(16), recordHash: key }),
  fc.record({ kind: fc.constant("cut"), day: fc.nat({ max: 100_000_000 }), firstEraKept: fc.nat() }),
  fc.constant({ kind: "delete" }),
  fc.record({ kind: fc.constant("box"), era: fc.nat(), boxLabel: bytesOf(16), hash: key }),
  fc.record({ kind: fc.constant("link"), era: fc.nat(), hash: key }),
) satisfies fc.Arbitrary<StewardOperation>;

testStructure("steward command", stewardCommandStructure, {
  values: fc.record({
    stewardKey: key,
    origin: fc.constant(origin),
    groupId: key,
    counter: fc.integer({ min: 1 }),
    operation: stewardOperation,
  }),
  smallest: { stewardKey: ana.key, origin, groupId, counter: 1, operation: { kind: "delete" } },
  normal: (command) => decode(stewardCommandStructure, encode(stewardCommandStructure, command)),
});

testTamperProof("signed steward command", {
  example: () => signStewardCommand({ origin, groupId, counter: 1, operation: { kind: "delete" } }, ana.stewardKey()),
  open: verifyStewardCommand,
});

const era = firstEra(seededRandom("codecs"));
const next = nextEra(era, groupId, seededRandom("codecs"));

testTamperProof("answer to a pass challenge", {
  example: () => signPassChallenge({ origin, groupId, era: 0, nonce: seedOf("nonce") }, era.pass),
  open: (answer) => verifyPassAnswer(answer, era.pass.publicKey),
});

const group = TestGroup.found(ana, { members: [bo] });
const { state, keys } = group;
const item = group.seal(group.write(bo, [leave()]));

testTamperProof("sealed entry", {
  example: () => encode(sealedEntryStructure, item),
  open: (bytes) => applyEntry(state, decode(sealedEntryStructure, bytes), keys),
  isRefusal: ({ kind }) => kind === "refused",
});

const box = makeBoxes(state.groupId, group.newest, boxRecipients(state, state.eras[0] ?? missing())).boxes[0]?.box;

testTamperProof("era box", {
  example: () => box ?? missing(),
  open: (bytes) => openBox(bytes, state.groupId, 0, ana.boxKeyPair()),
  flips: "one-bit-per-byte",
});

const link = makeEraLink(groupId, next, era, true);
const older = {
  ...(state.eras[0] ?? missing()),
  ...era,
  passKey: era.pass.publicKey,
  labelKey: era.label.publicKey,
};

testTamperProof("content part of an era link", {
  example: () => link.content ?? missing(),
  open: (content) => contentKeyBefore(groupId, older, next.contentKey, [{ ...link, content }]),
  isRefusal: (found) => found === null,
});

const linked = TestGroup.found(ana);
linked.act(ana, [linked.era()]);
const [zero = missing(), one = missing()] = linked.eras;
const rightLink = makeEraLink(linked.state.groupId, one, zero, true);

testTamperProof("chain part of an era link", {
  example: () => rightLink.chain,
  open: (chain) =>
    chainKeyBefore(linked.state.groupId, 1, one.chainKey, [{ ...rightLink, chain }], linked.items.slice(1)),
  isRefusal: (found) => found === null,
});

/** A state in which every kind of thing has happened. */
function eventfulState() {
  const full = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  full.act(ana, [invite(1), instantInvite(2), { kind: "cut", day: 20_000 }]);
  full.act(chidi, [
    revoke(chidi, 1, { lastWords: [{ device: chidi.device(1).publicKey, heads: [{ number: 1, hash: groupId }] }] }),
  ]);
  full.act(bo, [remove(chidi), endInvite(1), full.era()]);
  full.act(ana, [admit(chidi, "member", { request: groupId, stewardKey: null }), changeRole(bo, "member"), full.era()]);
  full.act(bo, [remove(ana)]);
  full.act(bo, [leave()]);
  return full.state;
}

test("a state survives its encoding, and equal states have equal bytes", () => {
  for (const value of [emptyGroup(groupId), state, eventfulState()]) {
    const encoded = encodeGroupState(value);
    expect(decodeGroupState(encoded)).toStrictEqual(value);
    expect(encodeGroupState(decodeGroupState(encoded))).toStrictEqual(encoded);
  }
  expect(eventfulState().eraDue).not.toStrictEqual([]);
});

test("a state cut, lengthened or with a turned bit is refused or is another state", () => {
  const encoded = encodeGroupState(emptyGroup(groupId));
  const kept = [...truncations(encoded), ...extensions(encoded)].filter(({ bytes }) => !isRefused(bytes));
  expect(kept).toStrictEqual([]);
  const same = bitFlips(encoded).filter(
    ({ bytes }) => !isRefused(bytes) && toHex(encodeGroupState(decodeGroupState(bytes))) !== toHex(bytes),
  );
  expect(same).toStrictEqual([]);
});

function isRefused(bytes: Uint8Array): boolean {
  try {
    decodeGroupState(bytes);
    return false;
  } catch (error) {
    return error instanceof EncodingError;
  }
}
