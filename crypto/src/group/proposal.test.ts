import { expect, test } from "vitest";
import { verifyStewardCommand } from "./steward-command.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { entryHash } from "./entry-wire.ts";
import { firstEra } from "./era.ts";
import { makeEraLink } from "./era-link.ts";
import { admissionsOf, continuationOf, continuesGroup } from "./found-anew.ts";
import { membersOf, roleOf } from "./group-state.ts";
import type { Operation, Rules } from "./operations.ts";
import { type Act, needsSteward, type Proposal, proposeEntry, proposeFounding, sealEntryRequest } from "./proposal.ts";
import { boxesStayGood } from "./races.ts";
import { stewardListOf } from "./steward-list.ts";
import { missing } from "./testing/missing.ts";
import { type Person, person } from "./testing/people.ts";
import {
  admit,
  FOUNDED_AT,
  HOUR,
  invite,
  instantInvite,
  leave,
  remove,
  revoke,
  changeRole,
  TestGroup,
  update,
} from "./testing/test-group.ts";

const [ana, bo, chidi, dara] = [person("ana"), person("bo"), person("chidi"), person("dara")];
const origin = "https://hall.example";
const random = seededRandom("proposals");

function act(who: Person, operations: readonly Operation[], era: Act["era"] = "if-needed"): Act {
  return { author: who.author(), operations, time: FOUNDED_AT + HOUR, era };
}

function propose(group: TestGroup, wanted: Act) {
  return proposeEntry(group.state, wanted, { newest: group.newest, next: group.next() }, random);
}

function proposed(group: TestGroup, wanted: Act): Proposal {
  const proposal = propose(group, wanted);
  if (proposal.kind === "refused") throw new Error(proposal.reason);
  return proposal;
}

function founding(
  founder: Person,
  operations: readonly Operation[] = [],
  rules: Rules = { history: "all", retentionDays: null },
) {
  const found = { rules, continues: null, stewardKey: founder.stewardKey().publicKey };
  const proposal = proposeFounding(
    { author: founder.author(), found, operations, time: FOUNDED_AT, keys: firstEra(random) },
    random,
  );
  if (proposal.kind === "refused") throw new Error(proposal.reason);
  return proposal;
}

test("a group is founded with a box for its founder and a command by the key it lists", () => {
  const proposal = founding(ana);
  const signer = { key: ana.stewardKey(), origin, counter: 1 };
  const { entry, boxes, link, command } = sealEntryRequest(proposal, signer);
  expect(boxes).toHaveLength(1);
  expect(link).toBeNull();
  expect(verifyStewardCommand(command ?? missing())).toStrictEqual({
    stewardKey: ana.stewardKey().publicKey,
    origin,
    groupId: proposal.after.groupId,
    counter: 1,
    operation: {
      kind: "chain",
      entryHash: entryHash(entry),
      era: { number: 0, passKey: proposal.keys.pass.publicKey, labelKey: proposal.keys.label.publicKey },
      stewards: [ana.stewardKey().publicKey],
    },
  });
});

test("an era is added exactly where the act needs one", () => {
  const group = TestGroup.found(ana, { members: [bo], facilitators: [dara] });
  const starts = (...operations: readonly Operation[]) => proposed(group, act(ana, operations)).sealed.startsEra;
  expect(starts(admit(chidi))).toBeNull();
  expect(starts(invite(1))).toBeNull();
  expect(starts(changeRole(bo, "facilitator"))).toBeNull();
  expect(starts(remove(bo))).toBe(1);
  expect(starts(changeRole(ana, "member"))).toBe(1);
  expect(starts({ kind: "rules", rules: { history: "from-joining", retentionDays: null } })).toBe(1);
  expect(proposed(group, act(ana, [], "always")).sealed.startsEra).toBe(1);
});

test("under from joining an admission comes with its era, and a link without content", () => {
  const group = TestGroup.found(ana, { rules: { history: "from-joining", retentionDays: null } });
  const proposal = proposed(group, act(ana, [admit(bo)]));
  const { link, boxes } = sealEntryRequest(proposal, null);
  expect(link?.content).toBeNull();
  expect(boxes).toHaveLength(2);
});

test("a removal comes with boxes for those who stay, the link, and the new list of stewards", () => {
  const group = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  const proposal = proposed(group, act(ana, [remove(bo)]));
  const { boxes, link, command, skipped } = sealEntryRequest(proposal, { key: ana.stewardKey(), origin, counter: 4 });
  expect(boxes).toHaveLength(2);
  expect(skipped).toStrictEqual([]);
  expect(link).toStrictEqual(makeEraLink(group.state.groupId, group.next(), group.newest, true));
  const { operation } = verifyStewardCommand(command ?? missing());
  expect(operation).toMatchObject({ kind: "chain", stewards: [ana.stewardKey().publicKey], era: { number: 1 } });
  expect(group.take(proposal.sealed)).toMatchObject({ kind: "applied", state: proposal.after });
});

test("a steward must sign what starts an era or changes the list, and nothing else", () => {
  const group = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  const needs = (who: Person, ...operations: readonly Operation[]) =>
    needsSteward(proposed(group, act(who, operations)));
  expect(needs(ana, admit(dara))).toBe(false);
  expect(needs(chidi, leave())).toBe(false);
  expect(needs(chidi, revoke(chidi, 1))).toBe(false);
  expect(needs(bo, leave())).toBe(true);
  expect(needs(bo, revoke(bo, 1))).toBe(true);
  expect(needs(ana, changeRole(chidi, "facilitator"))).toBe(true);
  expect(needs(ana, remove(chidi))).toBe(true);
});

test("a command states an era or a list only where the entry brings one", () => {
  const group = TestGroup.found(ana);
  const signer = { key: ana.stewardKey(), origin, counter: 2 };
  const { command } = sealEntryRequest(proposed(group, act(ana, [admit(bo)])), signer);
  expect(verifyStewardCommand(command ?? missing()).operation).toMatchObject({ era: null, stewards: null });
});

test("an act that would be void is not proposed", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(propose(group, act(bo, [remove(ana)]))).toStrictEqual({ kind: "refused", reason: "not-a-facilitator" });
  expect(propose(group, act(ana, [leave()]))).toStrictEqual({ kind: "refused", reason: "no-facilitator-left" });
});

test("statements go along only while the chain does not certify the device", () => {
  const group = TestGroup.found(ana, { members: [bo] });
  expect(proposed(group, act(bo, [leave()])).entry.value.statements).toStrictEqual([]);
  const linked = { ...act(bo, [leave()]), author: bo.author(1) };
  expect(proposed(group, linked).entry.value.statements).toStrictEqual([bo.certifies(1)]);
});

test("boxes made for a lost race stay good unless somebody changed who receives them or the era", () => {
  const base = () => TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  const stillGood = (...operations: readonly Operation[]) => {
    const group = base();
    const { state } = group;
    if (group.try(bo, operations) !== "applied") throw new Error(group.verdict);
    return boxesStayGood(state, group.state, FOUNDED_AT + HOUR);
  };
  expect(stillGood(invite(1))).toBe(true);
  expect(stillGood(update(bo, [bo.certifies(2)]))).toBe(true);
  expect(stillGood({ kind: "rules", rules: { history: "all", retentionDays: 3 } })).toBe(true);
  const { state: unchanged } = base();
  const tightened = { ...unchanged, rules: { history: "from-joining", retentionDays: null } } as const;
  expect(boxesStayGood(unchanged, tightened, FOUNDED_AT + HOUR)).toBe(false);
  expect(stillGood(admit(dara))).toBe(false);
  expect(stillGood(leave())).toBe(false);
  expect(stillGood(changeRole(chidi, "facilitator"))).toBe(false);
  expect(stillGood(update(bo, [], { stewardKey: bo.stewardKey(1).publicKey }))).toBe(false);
  expect(stillGood(revoke(bo, 1))).toBe(false);
  expect(stillGood(instantInvite(1))).toBe(false);
  const group = base();
  const { state } = group;
  group.act(bo, [group.era()]);
  expect(boxesStayGood(state, group.state, FOUNDED_AT + HOUR)).toBe(false);
});

const boxesOf = (proposal: Proposal) => sealEntryRequest(proposal, null).boxes;

test("a lost race is tried again with the same era key", () => {
  const group = TestGroup.found(ana, { members: [bo, chidi] });
  const removal = act(ana, [remove(bo)]);
  const first = proposed(group, removal);
  group.act(chidi, [update(chidi, [chidi.certifies(1)])]);
  const second = proposed(group, removal);
  expect(second.keys).toBe(first.keys);
  expect(boxesOf(second)).toStrictEqual(boxesOf(first));
  expect(group.take(second.sealed).kind).toBe("applied");
});

test("a group is founded anew in one act, with everybody but who stopped it", () => {
  const old = TestGroup.found(ana, { facilitators: [bo], members: [chidi, dara] });
  const [admits = missing(), ...more] = admissionsOf(old.state, chidi.key, [ana.key]);
  expect(more).toStrictEqual([]);
  const found = {
    rules: { history: "all", retentionDays: null } as const,
    continues: continuationOf(old.state),
    stewardKey: chidi.stewardKey(1).publicKey,
  };
  const plan = { author: chidi.author(), found, operations: admits, time: FOUNDED_AT, keys: firstEra(random) };
  const next = proposeFounding(plan, random);
  if (next.kind === "refused") throw new Error(next.reason);
  expect(membersOf(next.after).map(roleOf)).toStrictEqual(["facilitator", "facilitator", "member"]);
  expect(stewardListOf(next.after)).toHaveLength(2);
  expect(continuesGroup(next.after, old.state)).toBe(true);
});

test("a facilitator whose steward key is struck is admitted anew as a member, without one", () => {
  const old = TestGroup.found(ana, { facilitators: [bo], members: [chidi] });
  old.act(ana, [revoke(bo, 1, { stewardKey: null })]);
  const [admits = missing()] = admissionsOf(old.state, chidi.key, [ana.key]);
  expect(admits).toMatchObject([{ identityKey: bo.key, stewardKey: null, role: "member" }]);
});

test("a group that a stranger founded, or that names another head, is not shown as one with the old", () => {
  const old = TestGroup.found(ana, { members: [bo] });
  const continues = continuationOf(old.state) ?? missing();
  const foundedBy = (who: Person, named: typeof continues) => {
    const found = {
      rules: { history: "all", retentionDays: null } as const,
      continues: named,
      stewardKey: who.stewardKey().publicKey,
    };
    const next = proposeFounding(
      { author: who.author(), found, operations: [], time: 1, keys: firstEra(random) },
      random,
    );
    if (next.kind === "refused") throw new Error(next.reason);
    return continuesGroup(next.after, old.state);
  };
  expect(foundedBy(bo, continues)).toBe(true);
  expect(foundedBy(chidi, continues)).toBe(false);
  expect(foundedBy(bo, { ...continues, headIndex: 1 })).toBe(false);
  expect(foundedBy(bo, { ...continues, headHash: new Uint8Array(32) })).toBe(false);
  expect(foundedBy(bo, { ...continues, groupId: new Uint8Array(32) })).toBe(false);
});

test("a large group is founded anew in portions of what an entry holds", () => {
  const old = TestGroup.found(ana);
  const [[, member] = missing()] = old.state.accounts;
  const crowd = Array.from({ length: 200 }, (_, number) => {
    const identityKey = person(`crowd ${number}`).key;
    return [`${number}`, { ...member, identityKey }] as const;
  });
  const portions = admissionsOf({ ...old.state, accounts: new Map(crowd) }, ana.key, []);
  expect(portions.map(({ length }) => length)).toStrictEqual([62, 63, 63, 12]);
});
