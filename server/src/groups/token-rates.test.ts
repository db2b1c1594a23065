import { expect, test } from "vitest";
import { createTokenRates, tokenRate } from "./token-rates.ts";

test("a burst is taken at once, then as much as refills, and one token does not spend another's", () => {
  let now = 0;
  const rates = createTokenRates(() => now);
  expect(rates.take("ana", tokenRate.burst)).toBeNull();
  expect(rates.take("ana", 1)).toBe(1);
  expect(rates.take("ana", tokenRate.perSecond * 3)).toBe(3);
  expect(rates.take("ben", 1)).toBeNull();
  now = 2_000;
  expect(rates.take("ana", tokenRate.perSecond * 2)).toBeNull();
  expect(rates.take("ana", 1)).toBe(1);
});

test("what costs more than a whole burst is done when the bucket is full", () => {
  let now = 0;
  const rates = createTokenRates(() => now);
  expect(rates.take("ana", tokenRate.burst * 2)).toBeNull();
  expect(rates.take("ana", 1)).toBe(21);
  now = 20_000;
  expect(rates.take("ana", 1)).toBe(1);
});
