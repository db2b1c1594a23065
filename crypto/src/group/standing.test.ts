import { expect, test } from "vitest";
import { deviceAt, deviceLiveAt, eraAt, facilitatorAt, isOnChain, lastWordsFor, standingAt } from "./standing.ts";
import { person, seedOf } from "./testing/people.ts";
import { admit, leave, remove, revoke, changeRole, TestGroup, update } from "./testing/test-group.ts";

const [ana, bo, chidi] = [person("ana"), person("bo"), person("chidi")];
const heads = (...numbers: readonly number[]) => numbers.map((number) => ({ number, hash: seedOf("record", number) }));
const key = (device = 0) => bo.device(device).publicKey;

test("an account stands in the group from the entry that brings it in until the one that takes it out", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [admit(bo)]);
  group.act(ana, [changeRole(bo, "facilitator")]);
  group.act(ana, [changeRole(bo, "member"), group.era()]);
  group.act(ana, [remove(bo), group.era()]);
  group.act(ana, [admit(bo)]);
  const standings = [0, 1, 2, 3, 4, 5].map((head) => standingAt(group.state, bo.key, head));
  expect(standings).toStrictEqual([null, "member", "facilitator", "member", null, "member"]);
  expect(facilitatorAt(group.state, bo.key, 2)).toBe(true);
  expect(standingAt(group.state, chidi.key, 5)).toBeNull();
});

test("somebody who came and went in one entry never stood in the group", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [admit(bo), remove(bo), group.era()]);
  expect([0, 1, 2].map((head) => standingAt(group.state, bo.key, head))).toStrictEqual([null, null, null]);
});

test("a device lives until the group's chain revokes it, at every later head", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [update(bo, [bo.certifies(1)])]);
  group.act(bo, [revoke(bo, 1)]);
  expect([0, 1, 2].map((head) => deviceAt(group.state, bo.key, key(1), head))).toStrictEqual([
    "live",
    "live",
    "revoked",
  ]);
  expect(deviceLiveAt(group.state, bo.key, key(1), 2, true)).toBe(false);
});

test("a device the chain does not know lives where the record certifies it", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(deviceAt(group.state, bo.key, key(2), 0)).toBe("uncertified");
  expect(deviceLiveAt(group.state, bo.key, key(2), 0, false)).toBe(false);
  expect(deviceLiveAt(group.state, bo.key, key(2), 0, true)).toBe(true);
  expect(deviceLiveAt(group.state, ana.key, key(0), 0, false)).toBe(false);
});

test("a device revoked before anybody certified it never lives", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [revoke(bo, 5)]);
  expect(deviceAt(group.state, bo.key, key(5), 1)).toBe("revoked");
  expect(deviceLiveAt(group.state, bo.key, key(5), 1, true)).toBe(false);
});

test("last words of a removal bind every device's records below it, and none after a return", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(ana, [remove(bo, [{ device: key(), heads: heads(7) }]), group.era()]);
  group.act(ana, [admit(bo)]);
  expect(lastWordsFor(group.state, bo.key, key(), 0)).toStrictEqual([{ index: 1, binds: "all", heads: heads(7) }]);
  expect(lastWordsFor(group.state, bo.key, key(3), 0)).toStrictEqual([{ index: 1, binds: "all", heads: [] }]);
  expect(lastWordsFor(group.state, bo.key, key(), 1)).toStrictEqual([]);
  expect(lastWordsFor(group.state, bo.key, key(), 2)).toStrictEqual([]);
});

test("one's own last words name several records, each by itself", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(group.try(bo, [leave([{ device: key(), heads: heads(3, 4, 5) }])])).toBe("applied");
  const [words] = lastWordsFor(group.state, bo.key, key(), 0);
  expect(new Set(words?.heads.map(({ number }) => number))).toStrictEqual(new Set([3, 4, 5]));
});

test("last words of a lost role bind only acts that needed it", () => {
  const group = TestGroup.found(ana, { facilitators: [bo] });
  group.act(ana, [changeRole(bo, "member", [{ device: key(), heads: heads(2) }]), group.era()]);
  expect(lastWordsFor(group.state, bo.key, key(), 0)).toStrictEqual([{ index: 1, binds: "role", heads: heads(2) }]);
});

test("last words of a revocation bind the devices it revokes and no others", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [revoke(bo, 1, { lastWords: [{ device: key(1), heads: heads(4) }] })]);
  expect(lastWordsFor(group.state, bo.key, key(1), 0)).toStrictEqual([{ index: 1, binds: "all", heads: heads(4) }]);
  expect(lastWordsFor(group.state, bo.key, key(0), 0)).toStrictEqual([]);
});

test("last words speak of the account's own devices only, whatever keys they list", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  const mole = [{ device: key(), heads: heads(1) }];
  expect(group.try(chidi, [leave(mole)])).toBe("applied");
  expect(lastWordsFor(group.state, bo.key, key(), 0)).toStrictEqual([]);
});

test("a device is listed once in last words", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  const twice = [
    { device: key(), heads: heads(1) },
    { device: key(), heads: heads(2) },
  ];
  expect(() => group.write(bo, [leave(twice)])).toThrow("wrong-shape");
});

test("a record whose head starts an era belongs to that era", () => {
  const group = TestGroup.found(ana);
  group.act(ana, [admit(bo)]);
  group.act(ana, [group.era()]);
  expect([0, 1, 2, 3].map((head) => eraAt(group.state, head)?.number)).toStrictEqual([0, 0, 1, undefined]);
});

test("a head lies on the chain with its hash only, void entries included", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  group.act(bo, [admit(chidi)]);
  expect(group.verdict).toBe("not-a-facilitator");
  expect(isOnChain(group.state, 1, group.last.hash)).toBe(true);
  expect(isOnChain(group.state, 0, group.last.hash)).toBe(false);
  expect(isOnChain(group.state, 2, group.last.hash)).toBe(false);
});
