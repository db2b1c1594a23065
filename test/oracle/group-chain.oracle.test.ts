import { expect, test } from "vitest";
import { compareTree } from "./compare-chain.ts";
import { Tally } from "./tally.ts";

/** Of founded groups; those whose first entry is void come on top. */
const chains = Number(process.env["ORACLE_CHAINS"] ?? 10_000);

test(`applyEntry and the oracle agree on ${chains} random chains of founded groups`, { timeout: 900_000 }, () => {
  const tally = new Tally();
  for (let seed = 1; tally.founded < chains; seed += 1) {
    const difference = compareTree(seed, tally);
    if (difference !== null) expect(difference.real, difference.where).toEqual(difference.told);
  }
  expect(tally.tooRare(chains)).toEqual([]);
});
