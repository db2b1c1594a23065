/**
 * Random sequences of valid and invalid entries, for properties. About half of the entries count: most acts are chosen
 * to fit the state they meet, and some are spoilt on purpose. (`test/oracle` has sequences of its own, judged apart.)
 *
 *     const { entries, group } = randomSequence(seed, 12);
 *     entries[i].described   // what it says, in plain words
 *     entries[i].verdict     // what applyEntry said: "applied" or the reason
 */
import type { SealedEntry } from "../entry-wire.ts";
import type { GroupState } from "../group-state.ts";
import type { DescribedEntry } from "./described.ts";
import { Dice } from "./dice.ts";
import { randomEntry, randomFounding } from "./random-entry.ts";
import type { TestGroup } from "./test-group.ts";
import { foundDescribed, writeDescribed } from "./write-described.ts";

export interface SequenceEntry {
  readonly described: DescribedEntry;
  readonly item: SealedEntry;
  readonly verdict: string;
  readonly before: GroupState;
  readonly after: GroupState;
}

export interface RandomSequence {
  readonly entries: readonly SequenceEntry[];
  readonly group: TestGroup;
}

/** A group and `length` entries, the founding included. The same for the same seed (any 32-bit integer). */
export function randomSequence(seed: number, length: number): RandomSequence {
  const dice = new Dice(seed);
  const founding = randomFounding(dice);
  const group = foundDescribed(founding);
  const [first] = group.items;
  if (first === undefined) throw new RangeError("a group has a first item");
  const entries: SequenceEntry[] = [];
  const add = (described: DescribedEntry, item: SealedEntry, before: GroupState): void => {
    const { verdict, state: after } = group;
    entries.push({ described, item, verdict, before, after });
  };
  add(founding, first, group.beginning);
  while (entries.length < length) {
    const described = randomEntry(dice, group.state);
    const before = group.state;
    const item = writeDescribed(group, described);
    group.take(item);
    add(described, item, before);
  }
  return { entries, group };
}
