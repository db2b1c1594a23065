import { expect, test } from "vitest";
import type { BindingWords, GroupState } from "../group/group-state.ts";
import { signingKeyPair } from "../primitives/sign.ts";
import { encodeSigned, signStructure } from "../index.ts";
import { stewardCommandStructure } from "../group/steward-command.ts";
import { erasCut } from "../group/era-due.ts";
import { afterEntries, judgeRecord } from "./judge-record.ts";
import type { RecordBody } from "./kinds.ts";
import { factsOfRecord, factsOfRemnant, type RecordFacts } from "./record-facts.ts";
import { RecordSet } from "./record-set.ts";
import { openRecord } from "./record.ts";
import { toRemnant } from "./record-wire.ts";
import {
  deviceStatement,
  groupId,
  groupOf,
  headAt,
  keysOf,
  person,
  postBody,
  seedOf,
  someTopic,
  topicBody,
  write,
  writeChain,
  writeNewer,
  type Written,
} from "./testing/records-world.ts";

const ana = person("ana");
const bongani = person("bongani");
const today = 20_000;

function setOf(...facts: readonly (RecordFacts | Written)[]): RecordSet {
  const records = new RecordSet();
  for (const one of facts) records.put("facts" in one ? one.facts : one);
  return records;
}

/** The verdict in one line. */
function judged(group: GroupState, records: RecordSet, record: Written): string {
  const verdict = judgeRecord(group, records, record.key, today);
  if (verdict.kind === "counted") return ["counted", ...verdict.marks].join(" ");
  return verdict.kind === "newer-version" ? verdict.kind : `${verdict.kind} ${verdict.reason}`;
}

const quiet = groupOf(10, [0], [{ who: ana, facilitator: [[0, null]] }, { who: bongani }]);

test("what a member writes at a head of this chain counts", () => {
  const post = write(bongani, { head: headAt(4) });
  expect(judged(quiet, setOf(post), post)).toBe("counted");
});

test("a record whose author had seen more of the chain waits until this reader has too", () => {
  const post = write(bongani, { head: headAt(10) });
  const records = setOf(post);
  expect(judged(quiet, records, post)).toBe("waiting head-ahead");
  const grown = groupOf(11, [0], [{ who: bongani }]);
  expect(afterEntries(grown, records, 10)).toStrictEqual([post.key]);
  expect(judged(grown, records, post)).toBe("counted");
});

test("a record of another fork is refused as such", () => {
  const post = write(bongani, { head: { index: 4, hash: seedOf("fork") } });
  expect(judged(quiet, setOf(post), post)).toBe("refused other-chain");
});

test("a head outside the record's era is refused; the entry that starts an era is inside it", () => {
  const group = groupOf(10, [0, 5], [{ who: bongani }]);
  const at = (era: number, head: number) => write(bongani, { era, head: headAt(head) });
  const verdicts = [at(0, 4), at(0, 5), at(1, 4), at(1, 5), at(2, 9)].map((post) => judged(group, setOf(post), post));
  expect(verdicts).toStrictEqual([
    "counted",
    "refused outside-era",
    "refused outside-era",
    "counted",
    "refused outside-era",
  ]);
});

test("before coming in and after going nobody writes; whoever came back does", () => {
  const group = groupOf(
    10,
    [0],
    [
      {
        who: bongani,
        in: [
          [2, 4],
          [7, null],
        ],
      },
    ],
  );
  const at = (head: number) => write(bongani, { head: headAt(head) });
  const verdicts = [1, 2, 3, 4, 6, 7].map((head) => judged(group, setOf(at(head)), at(head)));
  expect(verdicts).toStrictEqual([
    "refused not-a-member",
    "counted",
    "counted",
    "refused not-a-member",
    "refused not-a-member",
    "counted",
  ]);
});

test("a stranger with the era's keys is refused", () => {
  const post = write(person("stranger"));
  expect(judged(quiet, setOf(post), post)).toBe("refused not-a-member");
});

test("a device that nobody certified is refused; a statement in the record is enough", () => {
  const group = groupOf(10, [0], [{ who: bongani, certifiedAt: null }]);
  const bare = write(bongani);
  const certified = write(bongani, { statement: deviceStatement(bongani, bongani.device) });
  expect(judged(group, setOf(bare), bare)).toBe("refused device-not-certified");
  expect(judged(group, setOf(certified), certified)).toBe("counted");
});

test("a device certified by another account, or another device's statement, is refused", () => {
  const group = groupOf(10, [0], [{ who: bongani, certifiedAt: null }, { who: ana }]);
  const others = write(bongani, { statement: deviceStatement(ana, bongani.device) });
  const otherDevice = write(bongani, { statement: deviceStatement(bongani, ana.device) });
  const junk = write(bongani, { statement: seedOf("junk") });
  for (const post of [others, otherDevice, junk]) {
    expect(judged(group, setOf(post), post)).toBe("refused device-not-certified");
  }
});

test("a revoked device is refused from its revocation on, also with a statement, and keeps what it wrote before", () => {
  const kept = write(bongani, { head: headAt(3) });
  const words: BindingWords = {
    index: 5,
    binds: "all",
    devices: [bongani.device.publicKey],
    words: [{ device: bongani.device.publicKey, heads: [kept.asPrevious] }],
  };
  const group = groupOf(10, [0], [{ who: bongani, revokedAt: 5, lastWords: [words] }]);
  const statement = deviceStatement(bongani, bongani.device);
  const late = write(bongani, { number: 2, head: headAt(5), previous: kept.asPrevious, statement });
  const records = setOf(kept, late);
  expect(judged(group, records, kept)).toBe("counted");
  expect(judged(group, records, late)).toBe("refused device-revoked");
});

const facilitatorBodies: readonly (readonly [string, RecordBody, boolean])[] = [
  ["pin", { kind: "pin", pinned: true }, true],
  ["group-info", { kind: "group-info", name: "Waste services", description: "" }, false],
  [
    "category",
    { kind: "category", categoryId: seedOf("c").slice(0, 16), name: "Law", order: 1, retired: false },
    false,
  ],
];
for (const [kind, body, hangs] of facilitatorBodies) {
  test(`only a facilitator's ${kind} counts, judged by the standing at its head`, () => {
    const group = groupOf(10, [0], [{ who: bongani, facilitator: [[3, 6]] }]);
    const at = (head: number) =>
      write(bongani, { body, head: headAt(head), topic: hangs ? someTopic : null, target: hangs ? someTopic : null });
    const verdicts = [2, 3, 6].map((head) => judged(group, setOf(at(head)), at(head)));
    expect(verdicts).toStrictEqual(["refused not-a-facilitator", "counted", "refused not-a-facilitator"]);
  });
}

test("a record whose head is below that of its previous one is refused once that one is known", () => {
  const [first, second] = writeChain(bongani, [{ head: headAt(6) }, { head: headAt(5) }]);
  if (first === undefined || second === undefined) throw new Error("nothing written");
  const records = setOf(second);
  expect(judged(quiet, records, second)).toBe("counted gap-before");
  expect(records.put(first.facts)).toContain(second.key);
  expect(judged(quiet, records, second)).toBe("refused head-below-previous");
});

test("the previous record's stub decides, though its body is refused or gone", () => {
  const [first, second] = writeChain(bongani, [{ head: headAt(6) }, { head: headAt(5) }]);
  if (first === undefined || second === undefined) throw new Error("nothing written");
  const gone = factsOfRemnant(toRemnant(first.record), keysOf(0), null);
  expect(judged(quiet, setOf(gone, second), second)).toBe("refused head-below-previous");
});

test("a record that names another device's record, or a wrong number, as its previous is refused", () => {
  const others = write(ana);
  const own = write(bongani);
  const names = (previous: { number: number; hash: Uint8Array }) => write(bongani, { number: 9, previous });
  const stolen = names(others.asPrevious);
  const wrong = names({ number: 5, hash: own.hash });
  expect(judged(quiet, setOf(others, stolen), stolen)).toBe("refused previous-untrue");
  expect(judged(quiet, setOf(own, wrong), wrong)).toBe("refused previous-untrue");
});

test("a missing previous record is a gap; a tombstone explains it", () => {
  const [first, second] = writeChain(bongani, [{}, {}]);
  if (first === undefined || second === undefined) throw new Error("nothing written");
  const records = setOf(second);
  expect(judged(quiet, records, second)).toBe("counted gap-before");
  expect(records.missing()).toStrictEqual([{ hash: first.key, namedBy: second.key, as: "previous" }]);
  records.put(factsOfRemnant(toRemnant(first.record), keysOf(0), null));
  expect(judged(quiet, records, second)).toBe("counted");
  expect(records.missing()).toStrictEqual([]);
});

test("what another author had seen and this reader lacks is told as a hint", () => {
  const hidden = write(ana);
  const post = write(bongani, { seen: [hidden.hash] });
  expect(setOf(post).missing()).toStrictEqual([{ hash: hidden.key, namedBy: post.key, as: "seen" }]);
  expect(setOf(post, hidden).missing()).toStrictEqual([]);
});

test("of several records with one id the lowest number counts, and all are kept", () => {
  const first = write(bongani);
  const again = write(bongani, { number: 2, salt: first.content.salt, previous: first.asPrevious });
  const records = setOf(again);
  expect(judged(quiet, records, again)).toBe("counted gap-before");
  expect(records.put(first.facts)).toContain(again.key);
  expect(judged(quiet, records, first)).toBe("counted");
  expect(judged(quiet, records, again)).toBe("refused superseded");
});

test("a record that does not count by itself supersedes nothing", () => {
  const outside = write(bongani, { era: 1 });
  const again = write(bongani, { number: 2, salt: outside.content.salt });
  const records = setOf(outside, again);
  expect(judged(quiet, records, outside)).toBe("refused outside-era");
  expect(judged(quiet, records, again)).toBe("counted");
});

test("several records with one number are all shown and mark the device", () => {
  const one = write(bongani, { salt: seedOf("one").slice(0, 16) });
  const other = write(bongani, { salt: seedOf("other").slice(0, 16), body: { ...postBody, text: "Something else." } });
  const records = setOf(one, other);
  expect(judged(quiet, records, one)).toBe("counted number-reused");
  expect(judged(quiet, records, other)).toBe("counted number-reused");
});

test("two texts under one id and number: the lower hash counts, for every reader", () => {
  const one = write(bongani);
  const other = write(bongani, { body: { ...postBody, text: "Something else." } });
  const records = setOf(one, other);
  const [lower, higher] = one.key < other.key ? [one, other] : [other, one];
  expect(judged(quiet, records, lower)).toBe("counted number-reused");
  expect(judged(quiet, records, higher)).toBe("refused superseded");
});

test("two people's records with one number do not touch each other", () => {
  const records = setOf(write(ana), write(bongani));
  expect(judged(quiet, records, write(ana))).toBe("counted");
});

test("a record that arrived after its era counts and says so", () => {
  const post = write(bongani);
  expect(judged(quiet, setOf({ ...post.facts, arrivedLate: true }), post)).toBe("counted arrived-late");
});

test("an unknown kind is kept as made by a newer version, if all else is right", () => {
  const body: RecordBody = { kind: "unknown", name: "poll", bytes: Uint8Array.of(0x80) };
  const poll = write(bongani, { body });
  expect(judged(quiet, setOf(poll), poll)).toBe("newer-version");
  const strangers = write(person("stranger"), { body });
  expect(judged(quiet, setOf(strangers), strangers)).toBe("refused not-a-member");
});

test("a newer version of the content is weighed like any other record: by its device, membership, era and order", () => {
  const verdictIn = (group: GroupState, record: Written): string => judged(group, setOf(record), record);
  const newer = writeNewer(bongani, { head: headAt(4) });
  expect(verdictIn(quiet, newer)).toBe("newer-version");
  expect(verdictIn(groupOf(4, [0], [{ who: bongani }]), newer)).toBe("waiting head-ahead");
  expect(verdictIn(groupOf(10, [0, 2], [{ who: bongani }]), newer)).toBe("refused outside-era");
  expect(verdictIn(groupOf(10, [0], [{ who: bongani, in: [[0, 3]] }]), newer)).toBe("refused not-a-member");
  expect(verdictIn(groupOf(10, [0], [{ who: bongani, revokedAt: 3 }]), newer)).toBe("refused device-revoked");
  expect(verdictIn(quiet, writeNewer(person("stranger")))).toBe("refused device-not-certified");
  const first = write(bongani, { head: headAt(5) });
  const second = writeNewer(bongani, { number: 2, previous: first.asPrevious, head: headAt(4) });
  expect(judged(quiet, setOf(first, second), second)).toBe("refused head-below-previous");
});

test("nobody takes a newer version's record away by certifying its device too", () => {
  const mole = { ...person("mole"), device: bongani.device };
  const newer = writeNewer(bongani, { head: headAt(4) });
  for (const people of [
    [{ who: mole, revokedAt: 2 }, { who: bongani }],
    [{ who: bongani }, { who: mole, revokedAt: 2 }],
  ])
    expect(judged(groupOf(10, [0], people), setOf(newer), newer)).toBe("newer-version");
});

test("a newer version's record is judged again when the chain certifies its device, or speaks of it", () => {
  const newer = writeNewer(bongani, { head: headAt(4) });
  const records = setOf(newer);
  const grown = groupOf(10, [0], [{ who: bongani, certifiedAt: 7 }]);
  expect(afterEntries(grown, records, 7)).toStrictEqual([newer.key]);
  const lastWords = [{ index: 6, binds: "all", devices: null, words: [] } as const];
  const gone = groupOf(10, [0], [{ who: bongani, in: [[0, 6]], lastWords }]);
  expect(afterEntries(gone, records, 6)).toStrictEqual([newer.key]);
  expect(judged(gone, records, newer)).toBe("refused beyond-last-words");
});

test("what was refused when it was opened stays refused with that reason", () => {
  const { record } = write(bongani);
  const moved = { ...record, topic: seedOf("elsewhere").slice(0, 16) };
  const facts = factsOfRecord(moved, openRecord(moved, keysOf(0)), false);
  expect(judgeRecord(quiet, setOf(facts), facts.hash, today)).toStrictEqual({ kind: "refused", reason: "stub-forged" });
});

test("a record that is not held cannot be judged", () => {
  expect(() => judgeRecord(quiet, new RecordSet(), "00", today)).toThrow(RangeError);
});

const topic = write(bongani, { body: topicBody, topic: null });
const edit = (who: typeof ana, changes: object = {}) =>
  write(who, {
    number: 5,
    body: { kind: "edit", title: "Night shifts, again", text: "And you?", category: null, mentions: [], files: [] },
    topic: topic.id,
    target: topic.id,
    ...changes,
  });

test("only the author edits or retracts a topic or a post, not even a facilitator does", () => {
  const retract = write(ana, { body: { kind: "retract" }, topic: topic.id, target: topic.id });
  const records = setOf(topic, edit(ana), edit(bongani), retract);
  expect(judged(quiet, records, edit(bongani))).toBe("counted");
  expect(judged(quiet, records, edit(ana))).toBe("refused not-the-author");
  expect(judged(quiet, records, retract)).toBe("refused not-the-author");
});

test("an edit waits for what it changes", () => {
  const records = setOf(edit(ana));
  expect(judged(quiet, records, edit(ana))).toBe("waiting target-missing");
  expect(records.put(topic.facts)).toContain(edit(ana).key);
  expect(judged(quiet, records, edit(ana))).toBe("refused not-the-author");
});

test("what stood behind an edit is judged again when the edit turns out not to be its author's to make", () => {
  const wrong = edit(ana, { number: 1 });
  const post = write(ana, { number: 2, salt: wrong.content.salt });
  const records = setOf(wrong, post);
  expect(judged(quiet, records, post)).toBe("counted");
  expect(records.put(topic.facts)).toEqual(expect.arrayContaining([wrong.key, post.key]));
  const own = edit(bongani, { number: 6 });
  const behind = write(bongani, { number: 7, salt: own.content.salt });
  const others = setOf(own, behind);
  expect(judged(quiet, others, behind)).toBe("counted");
  expect(others.put(topic.facts)).toContain(behind.key);
  expect(judged(quiet, others, behind)).toBe("refused superseded");
});

test("an edit in another topic, of an edit, or with a post's form for a topic is refused", () => {
  const own = edit(bongani);
  const elsewhere = edit(bongani, { number: 6, topic: someTopic });
  const formless = edit(bongani, {
    number: 7,
    body: { kind: "edit", title: null, text: "", category: null, mentions: [], files: [] },
  });
  const ofEdit = edit(bongani, { number: 8, target: own.id });
  const records = setOf(topic, own, elsewhere, formless, ofEdit);
  const verdicts = [own, elsewhere, formless, ofEdit].map((record) => judged(quiet, records, record));
  const unfit = "refused does-not-fit-target";
  expect(verdicts).toStrictEqual(["counted", unfit, unfit, unfit]);
});

test("a body that is gone is erased, expired, cut or withheld, and the server cannot pass one off as another", () => {
  const steward = signingKeyPair(seedOf("ana steward"));
  const group: GroupState = {
    ...groupOf(10, [0, 5], [{ who: ana, facilitator: [[0, null]] }, { who: bongani }]),
    cutDay: null,
  };
  const known = group.accounts.get([...group.accounts.keys()][0] ?? "");
  if (known === undefined) throw new Error("no facilitator");
  const withSteward = { ...group, accounts: new Map([["ana", { ...known, stewardKey: steward.publicKey }]]) };
  const post = write(bongani, { expires: today + 1 });
  const remnant = toRemnant(post.record);
  const command = (recordHash: Uint8Array, key = steward) =>
    encodeSigned(
      signStructure(
        stewardCommandStructure,
        {
          stewardKey: key.publicKey,
          origin: "https://hall.example",
          groupId,
          counter: 1,
          operation: { kind: "erase", recordId: remnant.recordId, recordHash },
        },
        key,
      ),
    );
  const reason = (erasure: Uint8Array | null, state: GroupState, day = today): string =>
    judged2(state, factsOfRemnant(remnant, keysOf(0), erasure), day);
  expect(reason(null, withSteward)).toBe("closed withheld");
  expect(reason(command(post.hash), withSteward)).toBe("closed erased");
  expect(reason(command(seedOf("another record")), withSteward)).toBe("closed withheld");
  expect(reason(command(post.hash, signingKeyPair(seedOf("nobody"))), withSteward)).toBe("closed withheld");
  expect(reason(seedOf("junk"), withSteward)).toBe("closed withheld");
  const members = new Map([["ana", { ...known, facilitations: [], stewardKey: steward.publicKey }]]);
  expect(reason(command(post.hash), { ...group, accounts: members })).toBe("closed withheld");
  expect(reason(null, withSteward, today + 1)).toBe("closed expired");
  expect(reason(null, { ...withSteward, cutDay: 11 })).toBe("closed cut");
  expect(reason(null, { ...withSteward, cutDay: 10 })).toBe("closed withheld");
});

function judged2(group: GroupState, facts: RecordFacts, day: number): string {
  const verdict = judgeRecord(group, setOf(facts), facts.hash, day);
  return verdict.kind === "closed" ? `closed ${verdict.reason}` : verdict.kind;
}

test("cut are the eras whose keys and bodies a cut takes, also where a facilitator's clock was ahead", () => {
  const days = (count: number): number => count * 86_400_000;
  const group = groupOf(10, [0, 2, 4, 6], [{ who: bongani }]);
  const startedAt = [0, days(5), days(30), days(9)];
  const eras = group.eras.map((era, number) => ({ ...era, startedAt: startedAt[number] ?? 0 }));
  const cut = { ...group, eras, cutDay: 10 };
  expect(erasCut(cut)).toBe(1);
  for (const [number, head] of [0, 2, 4, 6].entries()) {
    const { record } = write(bongani, { era: number, head: headAt(head) });
    const gone = factsOfRemnant(toRemnant(record), keysOf(number), null);
    expect(judged2(cut, gone, today)).toBe(number < erasCut(cut) ? "closed cut" : "closed withheld");
  }
});

test("what was written before one came is closed with that reason, where a link since then handed on no content", () => {
  const { record } = write(bongani);
  const facts = factsOfRecord(record, openRecord(record, { ...keysOf(0), contentKey: null }), false);
  const open = groupOf(10, [0, 2, 4], [{ who: bongani }]);
  const closedAt = (number: number): GroupState => ({
    ...open,
    eras: open.eras.map((era) => ({ ...era, linksContent: era.number !== number })),
  });
  expect(judged2(closedAt(1), facts, today)).toBe("closed before-joining");
  expect(judged2(closedAt(2), facts, today)).toBe("closed before-joining");
  expect(judged2(closedAt(0), facts, today)).toBe("closed withheld");
  expect(judged2(open, facts, today)).toBe("closed withheld");
});
