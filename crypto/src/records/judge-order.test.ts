/** The verdict on a record is a function of the chain and the set of records held, never of their order (section 6). */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { GroupState } from "../group/group-state.ts";
import { toHex } from "../primitives/bytes.ts";
import { afterEntries, judgeRecord, judgeRecords } from "./judge-record.ts";
import { factsOfRecord, factsOfRemnant, type RecordFacts } from "./record-facts.ts";
import { RecordSet } from "./record-set.ts";
import type { RecordDraft } from "./record-types.ts";
import { openRecord } from "./record.ts";
import { toRemnant } from "./record-wire.ts";
import type { Verdict } from "./verdict.ts";
import {
  groupOf,
  headAt,
  keysOf,
  person,
  postBody,
  seedOf,
  someTopic,
  topicBody,
  write,
  type Written,
} from "./testing/records-world.ts";

const people = [person("ana"), person("bongani"), person("chidi")] as const;
const today = 20_000;

/** One thing that reaches a reader: honest, careless, forged, moved, erased or withheld in part. */
interface Move {
  readonly who: number;
  readonly salt: number;
  readonly number: number;
  /** How many of the person's own earlier records back the previous one lies; beyond them: none. */
  readonly back: number;
  readonly head: number;
  /** Whether it is sealed under another era than that of its head. */
  readonly wrongEra: boolean;
  readonly kind: "post" | "topic" | "edit" | "retract" | "pin";
  readonly target: number;
  readonly fate: "whole" | "moved" | "remnant" | "locked" | "lost";
}

const move: fc.Arbitrary<Move> = fc.record({
  who: fc.nat(2),
  salt: fc.nat(2),
  number: fc.integer({ min: 1, max: 4 }),
  back: fc.nat(3),
  head: fc.constantFrom(3, 3, 3, 4, 8, 9, 9, 9, 11),
  wrongEra: fc.constantFrom(true, false, false, false, false, false),
  kind: fc.constantFrom("post", "post", "topic", "edit", "retract", "pin"),
  target: fc.nat(5),
  fate: fc.constantFrom("whole", "whole", "whole", "moved", "remnant", "locked", "lost"),
});

function play(moves: readonly Move[]): { readonly facts: readonly RecordFacts[]; readonly all: readonly Written[] } {
  const all: Written[] = [];
  const own: Written[][] = [[], [], []];
  const facts: RecordFacts[] = [];
  for (const one of moves) {
    const who = people[one.who] ?? people[0];
    const before = own[one.who]?.at(-1 - one.back);
    const number = Math.max(one.number, (before?.content.number ?? 0) + 1);
    const changes = { number, previous: before?.asPrevious ?? null, ...placeOf(one, all) };
    const era = one.head >= 6 === one.wrongEra ? 0 : 1;
    const salt = seedOf(`salt ${one.salt}`).slice(0, 16);
    const record = write(who, { ...changes, era, head: headAt(one.head), salt });
    all.push(record);
    own[one.who]?.push(record);
    facts.push(...factsBy(record, one.fate));
  }
  // A reader holds each record in one form.
  return { facts: [...new Map(facts.map((one) => [one.hash, one])).values()], all };
}

function placeOf({ kind, target }: Move, all: readonly Written[]): Partial<RecordDraft> {
  const of = all[target];
  const hanging = { topic: of?.record.topic ?? someTopic, target: of?.id ?? seedOf("lost").slice(0, 16) };
  switch (kind) {
    case "post":
      return { body: postBody };
    case "topic":
      return { body: topicBody, topic: null };
    case "pin":
      return { ...hanging, body: { kind: "pin", pinned: true } };
    case "retract":
      return { ...hanging, body: { kind: "retract" } };
    case "edit":
    default:
      return { ...hanging, body: { kind: "edit", title: null, text: "New.", category: null, mentions: [], files: [] } };
  }
}

function factsBy({ record, facts }: Written, fate: Move["fate"]): readonly RecordFacts[] {
  const moved = { ...record, topic: seedOf("elsewhere").slice(0, 16) };
  const locked = { ...keysOf(record.era), contentKey: null };
  switch (fate) {
    case "whole":
      return [facts];
    case "moved":
      return [factsOfRecord(moved, openRecord(moved, keysOf(record.era)), false)];
    case "remnant":
      return [factsOfRemnant(toRemnant(record), keysOf(record.era), null)];
    case "locked":
      return [factsOfRecord(record, openRecord(record, locked), false)];
    case "lost":
    default:
      return [];
  }
}

/** Eras from 0 and 6; Bongani removed at 5 and back at 8; Chidi loses the role at 7. Last words name some of what was written. */
function groupWith(all: readonly Written[], named: readonly number[], length = 12): GroupState {
  const headsOf = (name: string) =>
    named.flatMap((index) => {
      const one = all[index];
      return one !== undefined && toHex(one.content.author) === toHex(personNamed(name).identity.publicKey)
        ? [one.asPrevious]
        : [];
    });
  const words = (name: string) => [{ device: personNamed(name).device.publicKey, heads: headsOf(name) }];
  return groupOf(
    length,
    [0, 6],
    [
      { who: people[0], facilitator: [[0, null]] },
      {
        who: people[1],
        in: [
          [0, 5],
          [8, null],
        ],
        lastWords: [{ index: 5, binds: "all", devices: null, words: words("bongani") }],
      },
      {
        who: people[2],
        facilitator: [[0, 7]],
        lastWords: [{ index: 7, binds: "role", devices: null, words: words("chidi") }],
      },
    ],
  );
}

function personNamed(name: string): (typeof people)[number] {
  return people.find((one) => one.name === name) ?? people[0];
}

function inWords(verdicts: ReadonlyMap<string, Verdict>): Readonly<Record<string, string>> {
  return Object.fromEntries([...verdicts].map(([hash, verdict]) => [hash, JSON.stringify(verdict)]));
}

const game = fc.record({
  moves: fc.array(move, { minLength: 2, maxLength: 12 }),
  named: fc.array(fc.nat(11), { maxLength: 3 }),
  order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
});

function shuffled<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  return items
    .map((item, index) => ({ item, place: order[index] ?? 0, index }))
    .toSorted((a, b) => a.place - b.place || a.index - b.index)
    .map(({ item }) => item);
}

test("in whatever order records come, every one gets the same verdict", () => {
  const kinds = new Set<string>();
  const property = fc.property(game, ({ moves, named, order }) => {
    const { facts, all } = play(moves);
    const group = groupWith(all, named);
    const [straight, mixed] = [new RecordSet(), new RecordSet()];
    for (const one of facts) straight.put(one);
    for (const one of shuffled(facts, order)) {
      mixed.put(one);
      // Judging in between must leave nothing behind.
      judgeRecords(group, mixed, today);
    }
    const verdicts = inWords(judgeRecords(group, straight, today));
    expect(inWords(judgeRecords(group, mixed, today))).toStrictEqual(verdicts);
    for (const verdict of Object.values(verdicts)) kinds.add(verdict);
  });
  fc.assert(property, { seed: 6, numRuns: 150 });
  expect(kinds.size).toBeGreaterThan(12);
});

test("judging only those that a new record names brings everybody's verdict up to date", () => {
  const property = fc.property(game, ({ moves, named, order }) => {
    const { facts, all } = play(moves);
    const group = groupWith(all, named);
    const records = new RecordSet();
    const kept = new Map<string, Verdict>();
    for (const one of shuffled(facts, order)) {
      for (const hash of records.put(one)) kept.set(hash, judgeRecord(group, records, hash, today));
    }
    expect(inWords(kept)).toStrictEqual(inWords(judgeRecords(group, records, today)));
  });
  fc.assert(property, { seed: 7, numRuns: 150 });
});

test("judging only those that a grown chain names brings everybody's verdict up to date", () => {
  const grown = fc.record({ game, from: fc.integer({ min: 1, max: 11 }) });
  const property = fc.property(grown, ({ game: { moves, named }, from }) => {
    const { facts, all } = play(moves);
    const [before, after] = [chainUpTo(groupWith(all, named), from), groupWith(all, named)];
    const records = new RecordSet();
    for (const one of facts) records.put(one);
    const kept = new Map(judgeRecords(before, records, today));
    for (const hash of afterEntries(after, records, from)) kept.set(hash, judgeRecord(after, records, hash, today));
    expect(inWords(kept)).toStrictEqual(inWords(judgeRecords(after, records, today)));
  });
  fc.assert(property, { seed: 8, numRuns: 150 });
});

/** The state as it was when the chain had `length` items. */
function chainUpTo(group: GroupState, length: number): GroupState {
  const open = <I extends { readonly from: number; readonly until: number | null }>(
    intervals: readonly I[],
  ): readonly I[] =>
    intervals
      .filter(({ from }) => from < length)
      .map((interval) => ({
        ...interval,
        until: interval.until !== null && interval.until < length ? interval.until : null,
      }));
  const accounts = [...group.accounts].map(([key, account]) => {
    const lastWords = account.lastWords.filter(({ index }) => index < length);
    return [
      key,
      { ...account, stays: open(account.stays), facilitations: open(account.facilitations), lastWords },
    ] as const;
  });
  return {
    ...group,
    hashes: group.hashes.slice(0, length),
    eras: group.eras.filter(({ startIndex }) => startIndex < length),
    accounts: new Map(accounts),
  };
}
