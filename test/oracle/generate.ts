/** Random chains in plain words. The same seed gives the same chain. */
import type { DescribedEntry } from "./described.ts";
import { Dice } from "./dice.ts";
import { judge, type Judged } from "./oracle.ts";
import { nothingYet, type OracleGroup } from "./oracle-group.ts";
import { start } from "./parts.ts";
import { Writer } from "./writer.ts";

/** Something proposed, and what the oracle makes of it. */
export interface Proposal extends Judged {
  readonly entry: DescribedEntry;
  /** Where the writer stood after it. */
  readonly clock: number;
  readonly made: number;
}

/** How many chains grow out of one trunk. */
export const branchesPerTrunk = 12;

/**
 * What a family of chains has in common: 14 to 18 proposals, or one where the founding is void, for then nothing can
 * ever count. Chains share a trunk because what is rare happens late, and a trunk is folded once.
 */
export function describeTrunk(seed: number): readonly Proposal[] {
  const dice = new Dice(seed);
  const writer = new Writer(dice, start, 0);
  const trunk = [proposed(nothingYet(), writer.first(), writer)];
  return isFounded(trunk) ? grown(trunk, writer, 13 + dice.below(5)) : trunk;
}

/** One of the chains of a trunk: which proposal of the trunk it follows, and 3 or 4 proposals of its own. */
export function describeBranch(
  trunk: readonly Proposal[],
  seed: number,
): { readonly after: number; readonly own: readonly Proposal[] } {
  const dice = new Dice(seed ^ 0x5bd1e995);
  const after = trunk.length - 1 - dice.below(4);
  const last = trunk[after];
  if (last === undefined) throw new RangeError("a branch needs a trunk");
  return { after, own: grown([last], new Writer(dice, last.clock, last.made), 3 + dice.below(2)).slice(1) };
}

export function isFounded(chain: readonly Proposal[]): boolean {
  return chain.at(-1)?.group.founded === true;
}

function grown(chain: readonly Proposal[], writer: Writer, more: number): readonly Proposal[] {
  const proposals = [...chain];
  for (let left = more; left > 0; left--) {
    const group = proposals.at(-1)?.group ?? nothingYet();
    proposals.push(proposed(group, writer.entry(group), writer));
  }
  return proposals;
}

function proposed(before: OracleGroup, entry: DescribedEntry, { clock, made }: Writer): Proposal {
  return { entry, ...judge(before, entry), clock, made };
}
