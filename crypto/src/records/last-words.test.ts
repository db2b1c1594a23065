import { expect, test } from "vitest";
import type { BindingWords, GroupState } from "../group/group-state.ts";
import type { LastWords, WordsHead } from "../group/operations.ts";
import { toHex } from "../primitives/bytes.ts";
import { afterEntries, judgeRecord } from "./judge-record.ts";
import { factsOfRecord, factsOfRemnant } from "./record-facts.ts";
import type { RecordBody } from "./kinds.ts";
import { RecordSet } from "./record-set.ts";
import type { RecordDraft } from "./record-types.ts";
import { openRecord } from "./record.ts";
import { toRemnant } from "./record-wire.ts";
import { lastWordsOf } from "./state-last-words.ts";
import {
  deviceStatement,
  groupOf,
  headAt,
  keysOf,
  person,
  seedOf,
  someTopic,
  write,
  writeChain,
  writeNewer,
  type Written,
} from "./testing/records-world.ts";

const bongani = person("bongani");
const laptop = person("bongani", "laptop");
const ana = person("ana");

function wordsAt(
  index: number,
  heads: readonly WordsHead[],
  more: Partial<BindingWords> = {},
  who = bongani,
): BindingWords {
  const words = heads.length === 0 ? [] : [{ device: who.device.publicKey, heads }];
  return { index, binds: "all", devices: null, words, ...more };
}

/** Bongani was in from the start and went with the entry 6, accepting these records. */
function groupAfter(...heads: readonly Written[]): GroupState {
  const lastWords = [
    wordsAt(
      6,
      heads.map((head) => head.asPrevious),
    ),
  ];
  return groupOf(
    10,
    [0],
    [
      { who: bongani, in: [[0, 6]], lastWords },
      { who: ana, facilitator: [[0, null]] },
    ],
  );
}

function setOf(...all: readonly Written[]): RecordSet {
  const records = new RecordSet();
  for (const { facts } of all) records.put(facts);
  return records;
}

function judged(group: GroupState, records: RecordSet, { key }: Written): string {
  const verdict = judgeRecord(group, records, key, 20_000);
  if (verdict.kind === "counted" || verdict.kind === "newer-version") return verdict.kind;
  return `${verdict.kind} ${verdict.reason}`;
}

function four(): readonly [Written, Written, Written, Written] {
  const [first, second, third, fourth] = writeChain(bongani, [{}, {}, {}, {}]);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error("nothing written");
  return [first, second, third, fourth];
}

test("what last words lead to stays, what somebody removed dates back afterwards is refused for every reader", () => {
  const [first, second, third, fourth] = four();
  const group = groupAfter(second);
  const records = setOf(first, second, third, fourth);
  expect([first, second, third, fourth].map((record) => judged(group, records, record))).toStrictEqual([
    "counted",
    "counted",
    "refused beyond-last-words",
    "refused beyond-last-words",
  ]);
});

test("another record under an accepted number is refused: the hash decides, not the number alone", () => {
  const [first, second] = four();
  const fake = write(bongani, { number: 2, previous: first.asPrevious, salt: seedOf("fake").slice(0, 16) });
  const records = setOf(first, second, fake);
  expect(judged(groupAfter(second), records, fake)).toBe("refused beyond-last-words");
  expect(judged(groupAfter(second), records, second)).toBe("counted");
});

test("a record between two accepted ones that neither leads to is refused", () => {
  const first = write(bongani);
  const third = write(bongani, { number: 3, previous: first.asPrevious });
  const slipped = write(bongani, { number: 2, previous: first.asPrevious });
  const records = setOf(first, third, slipped);
  expect(judged(groupAfter(third), records, slipped)).toBe("refused beyond-last-words");
});

test("a device that last words do not list has written nothing", () => {
  const [first] = four();
  expect(judged(groupAfter(), setOf(first), first)).toBe("refused beyond-last-words");
});

test("while records are missing on the way the verdict waits, and comes when they do", () => {
  const [first, second, third] = four();
  const group = groupAfter(third);
  const records = setOf(first);
  expect(judged(group, records, first)).toBe("waiting last-words-gap");
  expect(records.put(third.facts)).not.toContain(first.key);
  expect(judged(group, records, first)).toBe("waiting last-words-gap");
  expect(records.put(second.facts)).toContain(first.key);
  expect(judged(group, records, first)).toBe("counted");
});

test("a record that the missing ones cannot lead to is refused at once", () => {
  const [first, second, third] = four();
  const group = groupAfter(third);
  const slipped = write(bongani, { number: 2, previous: first.asPrevious, salt: seedOf("slipped").slice(0, 16) });
  const above = write(bongani, { number: 4, previous: first.asPrevious, salt: seedOf("above").slice(0, 16) });
  const records = setOf(first, third, slipped, above);
  expect(judged(group, records, above)).toBe("refused beyond-last-words");
  // The words wait for the second record, whose number this one has under another hash.
  expect(judged(group, records, slipped)).toBe("refused beyond-last-words");
  expect(judged(group, records, first)).toBe("waiting last-words-gap");
  expect(second.key).not.toBe(slipped.key);
});

test("whoever waited is told as soon as the words are seen to pass it by", () => {
  const [first, second, third, fourth] = four();
  const group = groupAfter(fourth);
  const slipped = write(bongani, { number: 2, previous: first.asPrevious, salt: seedOf("slipped").slice(0, 16) });
  const records = setOf(slipped, first);
  expect([slipped, first].map((record) => judged(group, records, record))).toStrictEqual([
    "waiting last-words-gap",
    "waiting last-words-gap",
  ]);
  expect(records.put(fourth.facts)).not.toContain(slipped.key);
  expect(records.put(third.facts)).toContain(slipped.key);
  expect(judged(group, records, slipped)).toBe("refused beyond-last-words");
  expect(records.put(second.facts)).toContain(first.key);
  expect(judged(group, records, first)).toBe("counted");
});

test("numbers that were left out are passed by together", () => {
  const first = write(bongani);
  const ninth = write(bongani, { number: 9, previous: first.asPrevious });
  const slipped = write(bongani, { number: 5, previous: first.asPrevious });
  const group = groupAfter(ninth);
  const records = setOf(first, slipped);
  expect(judged(group, records, slipped)).toBe("waiting last-words-gap");
  expect(judged(group, records, first)).toBe("waiting last-words-gap");
  expect(records.put(ninth.facts)).toEqual(expect.arrayContaining([slipped.key, first.key]));
  expect(judged(group, records, slipped)).toBe("refused beyond-last-words");
});

test("a stub that was read once leads on, though later the record cannot be opened", () => {
  const [first, second] = four();
  const records = setOf(first, second);
  records.put({ ...second.facts, stub: null, body: { kind: "refused", reason: "stub-forged" } });
  expect(judged(groupAfter(second), records, first)).toBe("counted");
});

test("stubs are enough for the way: of erased records, and of those that are refused", () => {
  const [first, second, third] = four();
  const misled = write(bongani, { number: 4, previous: third.asPrevious, era: 1 });
  const records = setOf(first, third, misled);
  records.put(factsOfRemnant(toRemnant(second.record), keysOf(0), null));
  expect(judged(groupAfter(misled), records, misled)).toBe("refused outside-era");
  expect(judged(groupAfter(misled), records, first)).toBe("counted");
});

test("each unacknowledged record that own last words name leads back by itself", () => {
  const [first, second] = four();
  const unacknowledged = write(bongani, { number: 3, previous: first.asPrevious });
  const records = setOf(first, second, unacknowledged);
  const group = groupAfter(second, unacknowledged);
  expect([first, second, unacknowledged].map((record) => judged(group, records, record))).toStrictEqual([
    "counted",
    "counted",
    "counted",
  ]);
});

test("the number that last words state must be that of the record they name", () => {
  const [first, second] = four();
  const lie = [{ number: 9, hash: second.hash }];
  const group = groupOf(10, [0], [{ who: bongani, in: [[0, 6]], lastWords: [wordsAt(6, lie)] }]);
  expect(judged(group, setOf(first, second), first)).toBe("refused beyond-last-words");
});

test("somebody who left and came back writes on: later heads are judged by their standing alone", () => {
  const [first, second] = four();
  const back = write(bongani, { number: 3, previous: second.asPrevious, head: headAt(8) });
  const group = groupOf(
    10,
    [0],
    [
      {
        who: bongani,
        in: [
          [0, 6],
          [8, null],
        ],
        lastWords: [wordsAt(6, [second.asPrevious])],
      },
    ],
  );
  const records = setOf(first, second, back);
  expect([first, second, back].map((record) => judged(group, records, record))).toStrictEqual([
    "counted",
    "counted",
    "counted",
  ]);
});

test("who went twice must have been accepted both times", () => {
  const [first, second, third] = four();
  const lastWords = [wordsAt(4, [second.asPrevious]), wordsAt(8, [third.asPrevious])];
  const group = groupOf(
    10,
    [0],
    [
      {
        who: bongani,
        in: [
          [0, 4],
          [5, 8],
        ],
        lastWords,
      },
    ],
  );
  const records = setOf(first, second, third);
  expect(judged(group, records, second)).toBe("counted");
  expect(judged(group, records, third)).toBe("refused beyond-last-words");
});

test("a lost role binds only what needed the role", () => {
  const pinned = { body: { kind: "pin", pinned: true }, target: someTopic } as const;
  const [pin, post, late] = writeChain(bongani, [pinned, {}, pinned]);
  if (pin === undefined || post === undefined || late === undefined) throw new Error("nothing written");
  const lastWords = [wordsAt(6, [pin.asPrevious], { binds: "role" })];
  const group = groupOf(10, [0], [{ who: bongani, facilitator: [[0, 6]], lastWords }]);
  const records = setOf(pin, post, late);
  expect([pin, post, late].map((record) => judged(group, records, record))).toStrictEqual([
    "counted",
    "counted",
    "refused beyond-last-words",
  ]);
});

test("the revocation of one device does not bind the others", () => {
  const phone = write(bongani);
  const other = write(laptop, { statement: deviceStatement(bongani, laptop.device) });
  const lastWords = [wordsAt(6, [], { devices: [bongani.device.publicKey] })];
  const group = groupOf(10, [0], [{ who: bongani, revokedAt: 6, lastWords }]);
  const records = setOf(phone, other);
  expect(judged(group, records, phone)).toBe("refused beyond-last-words");
  expect(judged(group, records, other)).toBe("counted");
});

test("new last words are a reason to judge all of that person's records again", () => {
  const [first, second] = four();
  const records = setOf(first, second, write(ana));
  const group = groupAfter(first);
  expect(new Set(afterEntries(group, records, 6))).toStrictEqual(new Set([first.key, second.key]));
  expect(afterEntries(group, records, 7)).toStrictEqual([]);
});

const quiet = groupOf(10, [0], [{ who: bongani }, { who: ana, facilitator: [[0, null]] }]);

function headsStated(group: GroupState, records: RecordSet): readonly string[] {
  return lastWordsOf(group, records, bongani.identity.publicKey, null).flatMap(({ heads }) =>
    heads.map(({ hash }) => toHex(hash)),
  );
}

/** The verdicts after an entry that removes Bongani with the last words that a facilitator states from these records. */
function afterRemoval(
  records: RecordSet,
  words: LastWords = lastWordsOf(quiet, records, bongani.identity.publicKey, null),
) {
  const lastWords = [{ index: 6, binds: "all", devices: null, words } as const];
  return groupOf(
    10,
    [0],
    [
      { who: bongani, in: [[0, 6]], lastWords },
      { who: ana, facilitator: [[0, null]] },
    ],
  );
}

test("last words name the last record alone where the chain is whole", () => {
  const [first, second, third, fourth] = four();
  const records = setOf(first, second, third, fourth);
  expect(headsStated(quiet, records)).toStrictEqual([fourth.key]);
  for (const record of [first, second, third, fourth]) {
    expect(judged(afterRemoval(records), records, record)).toBe("counted");
  }
});

test("a thief who names no previous record cannot have the history before refused", () => {
  const [first, second] = four();
  const broken = write(bongani, { number: 3, previous: null });
  const records = setOf(first, second, broken);
  expect(headsStated(quiet, records)).toStrictEqual([second.key, broken.key]);
  for (const record of [first, second, broken]) {
    expect(judged(afterRemoval(records), records, record)).toBe("counted");
  }
});

const change: RecordBody = { kind: "edit", title: null, text: "Ten hours.", category: null, mentions: [], files: [] };

/** So many breaks, each of `length` records with numbers above all honest ones. */
function breaks(count: number, length: number, changes: Partial<RecordDraft> = {}): readonly Written[] {
  return Array.from({ length: count }).flatMap((_, at) => {
    const number = 100 + at * length;
    return writeChain(
      bongani,
      Array.from({ length }, (__, step) => ({ ...changes, number: number + step })),
    );
  });
}

test.each([63, 64, 65, 70, 200])("not with %d breaks either: the chain that reaches most is named", (count) => {
  const honest = writeChain(bongani, [{}, {}, {}, {}, {}]);
  const records = setOf(...honest, ...breaks(count, 1));
  expect(headsStated(quiet, records)).toHaveLength(Math.min(count + 1, 64));
  const after = afterRemoval(records);
  expect(honest.map((record) => judged(after, records, record))).toStrictEqual(honest.map(() => "counted"));
});

test("nor with as many breaks that are each longer than the history, if that reaches back into an earlier era", () => {
  const twoEras = groupOf(10, [0, 4], [{ who: bongani }, { who: ana, facilitator: [[0, null]] }]);
  const honest = writeChain(bongani, [{}, {}, { era: 1, head: headAt(4) }]);
  const records = setOf(...honest, ...breaks(70, 4, { era: 1, head: headAt(5) }));
  const named = headsStated(twoEras, records);
  expect(named).toHaveLength(64);
  expect(named).toContain(honest.at(-1)?.key);
});

test("of more unreadable records than can be named, those that lead furthest are", () => {
  const records = new RecordSet();
  const honest = writeChain(bongani, [{}, {}, {}]);
  for (const { record } of [...honest, ...breaks(70, 1)]) {
    records.put(factsOfRecord(record, openRecord(record, { ...keysOf(0), contentKey: null }), false));
  }
  const named = headsStated(quiet, records);
  expect(named).toHaveLength(64);
  expect(named).toContain(honest.at(-1)?.key);
});

test("refused records are not accepted, but led through where an accepted one names them", () => {
  const [first, second] = four();
  const refused = write(bongani, { number: 3, previous: second.asPrevious, era: 1 });
  expect(headsStated(quiet, setOf(first, second, refused))).toStrictEqual([second.key]);
});

test("a facilitator who came late leads to what only older members can open", () => {
  const [first, second] = four();
  const records = new RecordSet();
  for (const { record } of [first, second]) {
    records.put(factsOfRecord(record, openRecord(record, { ...keysOf(0), contentKey: null }), false));
  }
  expect(headsStated(quiet, records)).toStrictEqual([second.key]);
});

test("what this reader cannot judge is named behind what counts: older members can", () => {
  const post = write(bongani, { expires: 100 });
  const edit = write(bongani, { number: 2, previous: post.asPrevious, target: post.id, body: change });
  const newer = writeNewer(bongani, { number: 3, previous: edit.asPrevious });
  const last = writeNewer(bongani, { number: 4, previous: null });
  const remains = new RecordSet();
  remains.put(factsOfRemnant(toRemnant(post.record), keysOf(0), null));
  for (const { facts } of [edit, newer, last]) remains.put(facts);
  expect(judged(quiet, remains, edit)).toBe("waiting target-missing");
  expect(headsStated(quiet, remains)).toStrictEqual([newer.key, last.key]);
  const after = afterRemoval(remains);
  const older = setOf(post, edit, newer, last);
  expect([post, edit, newer, last].map((record) => judged(after, older, record))).toStrictEqual([
    "counted",
    "counted",
    "newer-version",
    "newer-version",
  ]);
  const counted = write(bongani, { number: 5, previous: null });
  remains.put(counted.facts);
  expect(headsStated(quiet, remains)[0]).toBe(counted.key);
});

test("own last words name the unacknowledged ones too, each once", () => {
  const [first, second, third] = four();
  const records = setOf(first, second);
  const own = { device: bongani.device.publicKey, heads: [third.asPrevious, second.asPrevious] };
  const words = lastWordsOf(quiet, records, bongani.identity.publicKey, null, own);
  expect(words.map(({ heads }) => heads.map(({ hash }) => toHex(hash)))).toStrictEqual([[third.key, second.key]]);
});

test("a device that wrote nothing is not listed", () => {
  expect(lastWordsOf(quiet, setOf(write(ana)), bongani.identity.publicKey, null)).toStrictEqual([]);
});
