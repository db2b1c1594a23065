import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { decode, encode } from "../primitives/encoding.ts";
import { pad } from "../primitives/padding.ts";
import { seal } from "../primitives/seal.ts";
import { encodeSigned } from "../primitives/signed.ts";
import { verifySignature } from "../primitives/verify-signature.ts";
import { bytesOf, testCodec, testStructure, testTamperProof } from "../testing/codec-laws.ts";
import { bitFlips } from "../testing/cbor-mutations.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { type Entry, entryKey, entryStructure } from "./entry.ts";
import { entryHeader, sealedEntryStructure } from "./entry-wire.ts";
import { applyEntry } from "./group-chain.ts";
import { boxRecipients } from "./box-recipients.ts";
import { makeBoxes, openBox } from "./boxes.ts";
import { firstEra, nextEra } from "./era.ts";
import { chainKeyBefore, contentKeyBefore, eraLinkCodec, makeEraLink } from "./era-link.ts";
import { emptyGroup } from "./group-state.ts";
import { joinClaim, joinClaimStructure } from "./membership.ts";
import type { Operation } from "./operations.ts";
import { passChallengeStructure, verifyPassAnswer } from "./pass-challenge.ts";
import { signPassChallenge } from "./pass.ts";
import { decodeGroupState, encodeGroupState, stateStructure } from "./state-codec.ts";
import { type StewardOperation, stewardCommandStructure, verifyStewardCommand } from "./steward-command.ts";
import { signStewardCommand } from "./steward.ts";
import { operationArbitraries } from "./testing/arbitraries.ts";
import { missing } from "./testing/missing.ts";
import { person, seedOf } from "./testing/people.ts";
import { randomSequence } from "./testing/random-sequence.ts";
import { smallestOperations, smallestStewardOperations } from "./testing/smallest.ts";
import {
  admit,
  endInvite,
  instantInvite,
  invite,
  InviteSecrets,
  join,
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

/** The smallest entry that does this one thing. */
function smallestEntry(operation: Operation): Entry {
  return {
    groupId,
    index: 1,
    previousHash: seedOf("previous"),
    era: 0,
    operations: [operation],
    author: ana.key,
    device: ana.device().publicKey,
    statements: [],
    time: 1,
  };
}

/** Sets come back in the order in which they are written. */
const throughEntry = (entry: Entry): Entry => decode(entryStructure, encode(entryStructure, entry));

for (const [at, operation] of smallestOperations.entries()) {
  const ofThisKind = operationArbitraries.find(([kind]) => kind === operation.kind)?.[1] ?? missing();
  const entry = fc.record({
    groupId: fc.option(key),
    index: fc.nat(),
    previousHash: key,
    era: fc.nat(),
    operations: fc.array(ofThisKind, { minLength: 1, maxLength: 3 }),
    author: key,
    device: key,
    statements: fc.constant([]),
    time: fc.nat(),
  });
  testStructure(`entry with ${operation.kind}, example ${at}`, entryStructure, {
    values: entry,
    smallest: smallestEntry(operation),
    normal: throughEntry,
    runs: 20,
  });
}

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
  fc.record({ kind: fc.constant("erase-blob"), blobId: bytesOf(16) }),
  fc.record({ kind: fc.constant("cut"), day: fc.nat({ max: 100_000_000 }), firstEraKept: fc.nat() }),
  fc.constant({ kind: "delete" }),
  fc.record({ kind: fc.constant("box"), era: fc.nat(), boxLabel: bytesOf(16), hash: key }),
  fc.record({ kind: fc.constant("link"), era: fc.nat(), hash: key }),
) satisfies fc.Arbitrary<StewardOperation>;

for (const operation of smallestStewardOperations)
  testStructure(`steward command: ${operation.kind}`, stewardCommandStructure, {
    values: fc.record({
      stewardKey: key,
      origin: fc.constant(origin),
      groupId: key,
      counter: fc.integer({ min: 1 }),
      operation: stewardOperation.filter(({ kind }) => kind === operation.kind),
    }),
    smallest: { stewardKey: ana.key, origin, groupId, counter: 1, operation },
    normal: (command) => decode(stewardCommandStructure, encode(stewardCommandStructure, command)),
  });

for (const operation of smallestStewardOperations)
  testTamperProof(`signed steward command: ${operation.kind}`, {
    example: () => signStewardCommand({ origin, groupId, counter: 1, operation }, ana.stewardKey()),
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

/** What becomes of the next item when this, which may be no entry at all, is sealed in it as its wire says. */
function verdictOnSigned(signed: Uint8Array): string {
  const { sealed: _, ...wire } = item;
  const chainKey = group.newest.chainKey;
  const sealed = seal(pad(signed), entryHeader(wire), entryKey(chainKey, wire.index), new Uint8Array(24));
  const applied = applyEntry(state, { ...wire, sealed }, keys);
  return applied.kind === "applied" ? "applied" : applied.reason;
}
const signedEntry = group.write(bo, [leave()]);

testTamperProof("signed entry inside its seal", {
  example: () => encodeSigned(signedEntry),
  open: verdictOnSigned,
  isRefusal: (verdict) => verdict !== "applied",
});

test("a signed entry with a changed signature is refused for it", () => {
  const reasons = bitFlips(signedEntry.signature).map(({ bytes: signature }) =>
    verdictOnSigned(encodeSigned({ ...signedEntry, signature })),
  );
  expect(new Set(reasons)).toStrictEqual(new Set(["signature-invalid"]));
  expect(reasons.length).toBe(512);
});

const openGroup = TestGroup.found(ana);
openGroup.act(ana, [instantInvite(1)]);
const { id: invite1, requestKey } = new InviteSecrets(1);
const claim = {
  groupId: openGroup.state.groupId,
  invite: invite1,
  identityKey: bo.key,
  device: bo.device().publicKey,
  boxKey: bo.boxKey().publicKey,
};
const joining = join(openGroup, bo, 1);

function verdictOnJoin(signature: Uint8Array): string {
  const signed = openGroup.write(bo, [{ ...joining, signature }], { statements: [bo.certifies(0, 0)] });
  const applied = applyEntry(openGroup.state, openGroup.seal(signed), openGroup.keys);
  return applied.kind === "applied" ? "applied" : applied.reason;
}

testTamperProof("signature of a join's claim", {
  example: () => joining.signature,
  open: verdictOnJoin,
  isRefusal: (verdict) => verdict === "request-signature-invalid",
});

testTamperProof("join claim", {
  example: () => joinClaim(claim),
  open: (bytes) => verifySignature(requestKey.publicKey, bytes, joining.signature),
  isRefusal: (good) => !good,
});

testStructure("join claim", joinClaimStructure, {
  values: fc.record({ groupId: key, invite: bytesOf(16), identityKey: key, device: key, boxKey: bytesOf(1216) }),
  smallest: claim,
});

const box = makeBoxes(state.groupId, group.newest, boxRecipients(state, state.eras[0] ?? missing())).boxes[0]?.box;

testTamperProof("era box", {
  example: () => box ?? missing(),
  open: (bytes) => openBox(bytes, state.groupId, 0, ana.boxKeyPair()),
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

testStructure("group state", stateStructure, {
  values: fc.integer().map((seed) => randomSequence(seed, 10).group.state),
  smallest: emptyGroup(groupId),
  runs: 30,
});

/** The eventful state with one of everything but what other laws try: statements, box keys, invites. */
const everything = eventfulState();
const [name, lastToCome] = [...everything.accounts].at(-1) ?? missing();
testCodec("group state in which much happened", stateStructure, 100_000, {
  values: fc.constant(everything),
  smallest: {
    ...everything,
    hashes: everything.hashes.slice(0, 1),
    accounts: new Map([[name, { ...lastToCome, statements: [], boxKeys: [] }]]),
    invites: new Map(),
    eras: everything.eras.slice(0, 1),
  },
  runs: 1,
});
