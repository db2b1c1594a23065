import { expect, test } from "vitest";
import { toHex } from "../primitives/bytes.ts";
import { deriveKey } from "../primitives/kdf.ts";
import { pad } from "../primitives/padding.ts";
import { seal } from "../primitives/seal.ts";
import { encodeSigned } from "../primitives/signed.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { entryKey, type Entry, groupIdOf, sealEntry } from "./entry.ts";
import { entryHash, entryHeader, type SealedEntry } from "./entry-wire.ts";
import { eraOperation, firstEra } from "./era.ts";
import { applyEntry } from "./group-chain.ts";
import { groupKeys } from "./group-keys.ts";
import { accountOf, emptyGroup, headOf, isFacilitator, membersOf } from "./group-state.ts";
import { MAX_SEALED_ENTRY_BYTES } from "./limits.ts";
import type { Operation } from "./operations.ts";
import { missing } from "./testing/missing.ts";
import { person } from "./testing/people.ts";
import {
  admit,
  endInvite,
  found,
  foundingEntry,
  invite,
  leave,
  remove,
  changeRole,
  TestGroup,
  update,
} from "./testing/test-group.ts";

const [ana, bo, chidi, dara] = [person("ana"), person("bo"), person("chidi"), person("dara")];
const keys = firstEra(seededRandom("era 0"));

/** What is sealed, replaced by other bytes, under the right key and header. */
function resealed(group: TestGroup, item: SealedEntry, opened: Uint8Array): SealedEntry {
  const key = entryKey(group.newest.chainKey, item.index);
  return { ...item, sealed: seal(opened, entryHeader(item), key, group.random(24)) };
}

test("a founded group has one member, who is its facilitator, and era 0", () => {
  const group = TestGroup.found(ana);
  expect(group.verdict).toBe("applied");
  expect(membersOf(group.state).map(({ identityKey }) => identityKey)).toStrictEqual([ana.key]);
  expect(group.state.eras.map(({ number, startIndex }) => [number, startIndex])).toStrictEqual([[0, 0]]);
  expect(isFacilitator(membersOf(group.state)[0] ?? missing())).toBe(true);
});

test("an entry that counts moves the head to its hash", () => {
  const group = TestGroup.found(ana);
  const item = group.seal(group.write(ana, [admit(bo)]));
  group.take(item);
  expect(headOf(group.state)).toStrictEqual({ index: 1, hash: entryHash(item) });
});

test("applying an entry does not change the state it was applied to", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const before = structuredClone(group.state);
  const state = group.state;
  expect(group.try(ana, [remove(bo), group.era()])).toBe("applied");
  expect(state).toStrictEqual(before);
});

test("a void entry changes nothing, and index and hash go on", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const { hashes, ...before } = group.state;
  expect(group.try(bo, [admit(chidi)])).toBe("not-a-facilitator");
  const { hashes: after, ...rest } = group.state;
  expect(rest).toStrictEqual(before);
  expect(after).toStrictEqual([...hashes, group.last.hash]);
  expect(group.try(ana, [admit(chidi)])).toBe("applied");
});

test("a void entry is shown with its sender", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [admit(chidi)]);
  expect(group.last).toMatchObject({ sender: { identityKey: bo.key, device: bo.device().publicKey } });
});

test("a void entry that proves nobody is from someone holding the key", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [leave()], { signer: chidi.device() });
  expect(group.last).toMatchObject({ reason: "signature-invalid", sender: null });
  group.act(bo, [leave()], { device: 1 });
  expect(group.last).toMatchObject({ reason: "device-not-certified", sender: null });
});

test("an item of another group or another place takes no index", () => {
  const group = TestGroup.found(ana);
  const item = group.seal(group.write(ana, [admit(bo)]));
  const before = group.state;
  expect(group.take({ ...item, groupId: new Uint8Array(32) })).toMatchObject({ reason: "other-group", state: before });
  expect(group.take({ ...item, index: 2 })).toMatchObject({ reason: "other-index", state: before });
  expect(group.take({ ...item, index: 0 })).toMatchObject({ reason: "other-index", state: before });
  expect(group.take(item).kind).toBe("applied");
  expect(group.take(item)).toMatchObject({ reason: "other-index" });
});

test("a sealed entry over 1 MiB is void unread", () => {
  const group = TestGroup.found(ana);
  const item = group.seal(group.write(ana, [admit(bo)]));
  expect(group.take({ ...item, sealed: new Uint8Array(MAX_SEALED_ENTRY_BYTES + 1) })).toMatchObject({
    reason: "too-large",
  });
});

test("an entry sealed under another key, index or header does not open", () => {
  const group = TestGroup.found(ana);
  const item = group.seal(group.write(ana, [admit(bo)]));
  const strange = {
    ...item,
    sealed: seal(new Uint8Array(256), entryHeader(item), new Uint8Array(32), new Uint8Array(24)),
  };
  expect(applyEntry(group.state, strange, group.keys)).toMatchObject({ reason: "does-not-open" });
  expect(applyEntry(group.state, { ...item, startsEra: 1 }, group.keys)).toMatchObject({ reason: "does-not-open" });
  expect(applyEntry(group.state, { ...item, sealed: item.sealed.subarray(0, 20) }, group.keys)).toMatchObject({
    reason: "does-not-open",
  });
});

test("whether a reader holds keys of eras to come makes no difference", () => {
  const group = TestGroup.found(ana);
  const next = group.next();
  const signed = group.write(ana, [admit(bo)], { entry: { era: 1 } });
  const item = sealEntry(signed, group.state.groupId, next.chainKey, group.random);
  const more = groupKeys(new Map([group.newest, next].map(({ number, chainKey }) => [number, chainKey])));
  expect(applyEntry(group.state, item, group.keys)).toMatchObject({ reason: "does-not-open" });
  expect(applyEntry(group.state, item, more)).toMatchObject({ reason: "does-not-open" });
});

test("a reader who lacks the chain key says nothing about the entry", () => {
  const group = TestGroup.found(ana);
  const item = group.seal(group.write(ana, [admit(bo)]));
  expect(() => applyEntry(group.state, item, groupKeys(new Map()))).toThrow("the chain key of era 0 is missing");
});

test("what is no strict entry is malformed, and of another version unknown", () => {
  const group = TestGroup.found(ana);
  const signed = group.write(ana, [admit(bo)]);
  const item = group.seal(signed);
  const verdictOf = (opened: Uint8Array) => applyEntry(group.state, resealed(group, item, opened), group.keys);
  expect(verdictOf(encodeSigned(signed))).toMatchObject({ reason: "malformed" });
  expect(verdictOf(pad(signed.payload))).toMatchObject({ reason: "malformed" });
  expect(verdictOf(pad(new Uint8Array()))).toMatchObject({ reason: "malformed" });
  const newer = signed.payload.slice();
  newer[newer.indexOf("1".charCodeAt(0))] = "2".charCodeAt(0);
  expect(verdictOf(pad(encodeSigned({ ...signed, payload: newer })))).toMatchObject({ reason: "unknown-version" });
  expect(verdictOf(pad(encodeSigned(signed)))).toMatchObject({ kind: "applied" });
});

test("an entry holds 1 to 64 operations", () => {
  const group = TestGroup.found(ana);
  const renamed: Operation = { kind: "rules", rules: { history: "all", retentionDays: 9 } };
  expect(
    group.try(
      ana,
      Array.from({ length: 64 }, () => renamed),
    ),
  ).toBe("applied");
  expect(() => group.write(ana, [])).toThrow("wrong-shape");
  expect(() =>
    group.write(
      ana,
      Array.from({ length: 65 }, () => renamed),
    ),
  ).toThrow("wrong-shape");
});

test.each<[string, Partial<Entry>, string]>([
  ["group", { groupId: new Uint8Array(32) }, "differs-from-wire"],
  ["no group", { groupId: null }, "differs-from-wire"],
  ["previous hash", { previousHash: new Uint8Array(32) }, "wrong-previous-hash"],
])("an entry with another %s inside is void", (_, entry, reason) => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo)], { entry })).toBe(reason);
});

test("an entry with another index or era inside than on the wire is void", () => {
  const group = TestGroup.found(ana);
  const elsewhere = group.write(ana, [admit(bo)], { entry: { index: 2 } });
  const wire = { groupId: group.state.groupId, index: 1, era: 0, startsEra: null };
  const sealedAs = (opened: Uint8Array) => resealed(group, { ...wire, sealed: new Uint8Array() }, opened);
  group.take(sealedAs(pad(encodeSigned(elsewhere))));
  expect(group.verdict).toBe("differs-from-wire");
  const later = group.write(ana, [admit(bo)], { entry: { era: 1 } });
  group.take({ ...resealed(group, { ...wire, index: 2, sealed: new Uint8Array() }, pad(encodeSigned(later))) });
  expect(group.verdict).toBe("differs-from-wire");
});

test("an entry that hides from the wire that it starts an era, or claims to, is void", () => {
  const group = TestGroup.found(ana);
  const wire = { groupId: group.state.groupId, index: 1, era: 0, startsEra: null, sealed: new Uint8Array() };
  group.take(resealed(group, wire, pad(encodeSigned(group.write(ana, [group.era()])))));
  expect(group.verdict).toBe("differs-from-wire");
  const claims = { ...wire, index: 2, startsEra: 1 };
  group.take(resealed(group, claims, pad(encodeSigned(group.write(ana, [admit(bo)])))));
  expect(group.verdict).toBe("differs-from-wire");
});

test("an entry under an era that is over is void", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [group.era()])).toBe("applied");
  expect(group.try(bo, [leave()], { era: 0 })).toBe("stale-era");
  expect(group.try(bo, [leave()])).toBe("applied");
});

test("a device that no statement certifies signs nothing", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo)], { device: 1 })).toBe("device-not-certified");
  expect(group.try(ana, [admit(bo)], { device: 1, statements: [ana.certifies(1)] })).toBe("applied");
});

test("a device certified by another account signs nothing", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [admit(chidi)], { device: 1, statements: [bo.certifies(1)] })).toBe("statement-invalid");
});

test("the statements of an entry serve that entry alone", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo)], { device: 1, statements: [ana.certifies(1)] })).toBe("applied");
  expect(accountOf(group.state, ana.key)?.devices).toHaveLength(1);
  expect(group.try(ana, [admit(chidi)], { device: 1 })).toBe("device-not-certified");
});

test("a revocation among the entry's own statements stops its device and changes nothing", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo)], { statements: [ana.revokes(0)] })).toBe("device-revoked");
  expect(group.try(ana, [admit(bo)])).toBe("applied");
});

test("a statement with a turned bit makes the entry void", () => {
  const group = TestGroup.found(ana);
  const statement = ana.certifies(1);
  const signature = statement.signature.slice();
  signature[0] = (signature[0] ?? 0) ^ 1;
  expect(group.try(ana, [admit(bo)], { statements: [{ ...statement, signature }] })).toBe("statement-invalid");
});

test("an entry signed by another device than it names is void", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [admit(chidi)], { signer: bo.device() })).toBe("signature-invalid");
});

test("somebody who is not in changes nothing", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const acts: readonly Operation[] = [
    admit(dara),
    remove(bo),
    leave(),
    changeRole(bo, "facilitator"),
    { kind: "rules", rules: { history: "all", retentionDays: 1 } },
    update(bo, [bo.certifies(1)]),
    invite(1),
    { kind: "cut", day: 1 },
    group.era(),
  ];
  for (const act of acts) expect(group.try(chidi, [act], { statements: [chidi.certifies(0, 0)] })).toBe("not-a-member");
});

test("operations are judged one after the other, each by the state the one before left", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo), changeRole(bo, "facilitator"), invite(1), endInvite(1)])).toBe("applied");
  expect(group.try(bo, [admit(chidi), remove(chidi), admit(chidi), group.era()])).toBe("applied");
});

test("one failing operation makes the whole entry void", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [admit(bo), admit(bo)])).toBe("target-already-in");
  expect(accountOf(group.state, bo.key)).toBeUndefined();
});

test("a group never loses its last facilitator", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(ana, [leave()])).toBe("no-facilitator-left");
  expect(group.try(ana, [changeRole(ana, "member"), group.era()])).toBe("no-facilitator-left");
  expect(group.try(ana, [changeRole(bo, "facilitator"), changeRole(ana, "member"), group.era()])).toBe("applied");
});

test("a facilitator without a steward key does not count as one left", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  const strikes = update(bo, [bo.revokes(0)], { lastWords: [] });
  expect(group.try(ana, [strikes])).toBe("applied");
  expect(group.try(ana, [leave()])).toBe("no-facilitator-left");
});

test("the group's id is the hash of its first entry, so nobody puts another group under it", () => {
  const signed = foundingEntry(ana, [found(ana), eraOperation(keys)]);
  const other = foundingEntry(bo, [found(bo), eraOperation(keys)]);
  const id = groupIdOf(signed);
  const random = seededRandom("nonces");
  const reader = groupKeys(new Map([[0, keys.chainKey]]));
  expect(applyEntry(emptyGroup(id), sealEntry(signed, id, keys.chainKey, random), reader).kind).toBe("applied");
  const swapped = sealEntry(other, id, keys.chainKey, random);
  expect(applyEntry(emptyGroup(id), swapped, reader)).toMatchObject({ reason: "differs-from-wire" });
  expect(toHex(groupIdOf(other))).not.toBe(toHex(id));
});

test.each<[string, readonly Operation[]]>([
  ["without found", [eraOperation(keys)]],
  ["without an era", [found(ana)]],
  ["with found in second place", [admit(bo), found(ana), eraOperation(keys)]],
  ["with found twice", [found(ana), found(ana), eraOperation(keys)]],
])("a first entry %s founds nothing", (_, operations) => {
  const group = TestGroup.of(foundingEntry(ana, operations), keys);
  expect(group.verdict).toBe("first-entry-form");
  expect(group.state.accounts.size).toBe(0);
});

test("a first entry with another era number, index or previous hash founds nothing", () => {
  const era = { ...eraOperation(keys), number: 1 };
  expect(TestGroup.of(foundingEntry(ana, [found(ana), era]), keys).verdict).toBe("wrong-era-number");
  const operations = [found(ana), eraOperation(keys)];
  const linked = foundingEntry(ana, operations, { previousHash: deriveKey(keys.chainKey, "x") });
  expect(TestGroup.of(linked, keys).verdict).toBe("wrong-previous-hash");
  const named = foundingEntry(ana, operations, { groupId: new Uint8Array(32) });
  expect(TestGroup.of(named, keys).verdict).toBe("differs-from-wire");
});

test("after a void first entry nothing ever counts", () => {
  const group = TestGroup.of(foundingEntry(ana, [found(ana)]), keys);
  expect(group.try(ana, [found(ana), group.era()])).toBe("does-not-open");
  expect(group.state.hashes).toHaveLength(2);
});

test("a second found is void", () => {
  const group = TestGroup.found(ana);
  expect(group.try(ana, [found(ana), group.era()])).toBe("first-entry-form");
  expect(group.try(bo, [found(bo)], { statements: [bo.certifies(0, 0)] })).toBe("first-entry-form");
});

test("a founder without a box key founds nothing", () => {
  const statements = [ana.certifies(0)];
  const group = TestGroup.of(foundingEntry(ana, [found(ana), eraOperation(keys)], { statements }), keys);
  expect(group.verdict).toBe("no-box-key");
});

test("two entries for one place: the one that came first counts, the other is written anew", () => {
  const group = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  const era = group.era();
  const first = group.seal(group.write(ana, [remove(bo), era]));
  const second = group.seal(group.write(bo, [remove(ana), era]));
  group.take(first);
  group.take({ ...second, index: 2 });
  expect(group.verdict).toBe("does-not-open");
  expect(group.try(bo, [remove(ana), group.era()])).toBe("not-a-member");
  expect(accountOf(group.state, ana.key)?.stays.at(-1)?.until).toBeNull();
});
