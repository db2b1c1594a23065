/** Random chains, folded by `applyEntry` and by the oracle. */
import { ofOracle, ofReal } from "./compare.ts";
import { branchesPerTrunk, describeBranch, describeTrunk, isFounded, type Proposal } from "./generate.ts";
import { people } from "./parts.ts";
import { foldForReal, type Step } from "./realize.ts";
import type { Tally } from "./tally.ts";

export interface Difference {
  /** The seed, the entry in words, and what `applyEntry` said. */
  readonly where: string;
  readonly real: unknown;
  readonly told: unknown;
}

/** Compares the chains of one trunk; the first difference, or null. */
export function compareTree(seed: number, tally: Tally): Difference | null {
  const trunk = describeTrunk(seed);
  const steps = foldForReal(
    trunk.map(({ entry }) => entry),
    null,
  );
  const difference = differenceOf(`trunk ${seed}`, trunk, steps, tally);
  if (difference !== null) return difference;
  if (!isFounded(trunk)) {
    tally.end(trunk.at(-1));
    return null;
  }
  for (let branch = 0; branch < branchesPerTrunk; branch++) {
    const { after, own } = describeBranch(trunk, seed * branchesPerTrunk + branch);
    const ownSteps = foldForReal(
      own.map(({ entry }) => entry),
      steps[after]?.state ?? null,
    );
    const found = differenceOf(`branch ${branch} of trunk ${seed}`, own, ownSteps, tally);
    if (found !== null) return found;
    tally.end(own.at(-1));
  }
  return null;
}

/** After a void entry the verdict and the length are compared; after one that counts, and at the end, everything. */
function differenceOf(
  name: string,
  proposals: readonly Proposal[],
  steps: readonly Step[],
  tally: Tally,
): Difference | null {
  for (const [at, { entry, counted, group }] of proposals.entries()) {
    const step = steps[at];
    if (step === undefined) throw new RangeError("the real fold is shorter than the chain");
    const whole = counted || at === proposals.length - 1;
    const real = [step.verdict === "applied", step.state.hashes.length, whole ? ofReal(step.state, people) : null];
    const told = [counted, group.length, whole ? ofOracle(group) : null];
    if (JSON.stringify(real) !== JSON.stringify(told))
      return { where: `${name}, entry ${at}, ${step.verdict}: ${JSON.stringify(entry)}`, real, told };
    tally.add(entry, step.verdict);
  }
  return null;
}
