import { boxRecipients, eraKeysOf, labelFor, newestEra, toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { type Person, person } from "../../crypto/src/group/testing/people.ts";
import { remove, TestGroup } from "../../crypto/src/group/testing/test-group.ts";
import { type EraKeys } from "../../crypto/src/group/era.ts";

const ana = person("ana");
const mole = person("mole");
const victim = person("victim");

function labels(group: TestGroup, keys: EraKeys): readonly string[] {
  const era = newestEra(group.state);
  if (era === null) throw new Error("a founded group has an era");
  return boxRecipients(group.state, era).map((recipient) => toHex(labelFor(group.state.groupId, keys, recipient)));
}

/** The label that somebody computes for an account, holding the keys of an era of some group. */
function guess(group: TestGroup, keys: EraKeys, who: Person): string {
  const { publicKey: boxKey, labelKey } = who.boxKey();
  const recipient = { kind: "account", index: 0, identityKey: who.key, boxKey, labelKey } as const;
  return toHex(labelFor(group.state.groupId, keys, recipient));
}

test("attack 42: a member recognises the labels of its own group: the comparison below can succeed", () => {
  const group = TestGroup.found(ana, { members: [mole, victim] });
  expect(labels(group, group.newest)).toContain(guess(group, group.newest, victim));
});

test("attack 42: with the disk and one member's keys, the boxes of another group cannot be matched to accounts", () => {
  const own = TestGroup.found(ana, { members: [mole, victim], seed: "own" });
  const other = TestGroup.found(ana, { members: [victim], seed: "other" });
  const stored = labels(other, other.newest);
  // The mole holds the era key of its own group, everybody's public keys, and the other group's id.
  const guesses = [ana, mole, victim].map((who) => guess(other, own.newest, who));
  expect(stored.filter((label) => guesses.includes(label))).toEqual([]);
  expect(labels(own, own.newest).filter((label) => stored.includes(label))).toEqual([]);
});

test("attack 42: a removed member cannot match the labels of later eras", () => {
  const group = TestGroup.found(ana, { members: [mole, victim] });
  const old = group.newest;
  const before = labels(group, old);
  group.act(ana, [remove(mole), group.era()]);
  const after = labels(group, group.newest);
  expect(after).not.toHaveLength(0);
  const guesses = [ana, victim].flatMap((who) => [
    guess(group, old, who),
    guess(group, eraKeysOf(group.newest.number, old.eraKey), who),
  ]);
  expect(after.filter((label) => guesses.includes(label) || before.includes(label))).toEqual([]);
});
