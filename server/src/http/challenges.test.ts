import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createChallenges } from "./challenges.ts";

const random = (length: number): Uint8Array => randomBytes(length);

test("a challenge is spent once", () => {
  const challenges = createChallenges({ clock: () => 0, random });
  const challenge = challenges.issue();
  expect(challenge).toHaveLength(32);
  expect([challenges.spend(challenge), challenges.spend(challenge)]).toEqual([true, false]);
});

test("a challenge lives 60 seconds, spent ones are not good again while they would live", () => {
  let now = 1_000_000;
  const challenges = createChallenges({ clock: () => now, random });
  const [early, spent, late] = [challenges.issue(), challenges.issue(), challenges.issue()];
  expect(challenges.spend(spent)).toBe(true);
  now += 59_999;
  expect([challenges.spend(early), challenges.spend(spent)]).toEqual([true, false]);
  now += 1;
  expect([challenges.spend(late), challenges.spend(spent)]).toEqual([false, false]);
});

test("no bit of a challenge can be changed, and no challenge of another hall or length is taken", () => {
  const challenges = createChallenges({ clock: () => 0, random });
  const challenge = challenges.issue();
  for (let bit = 0; bit < 256; bit += 1) {
    const changed = Uint8Array.from(challenge);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(challenges.spend(changed)).toBe(false);
  }
  expect(challenges.spend(createChallenges({ clock: () => 0, random }).issue())).toBe(false);
  expect(challenges.spend(challenge.subarray(1))).toBe(false);
  expect(challenges.spend(new Uint8Array())).toBe(false);
  expect(challenges.spend(challenge)).toBe(true);
});
