import { expect, test } from "vitest";
import { isSameWord, pickAskedWords, splitWords } from "./asked-words.ts";

/** Gives these bytes one after the other. */
function fromBytes(...bytes: readonly number[]) {
  let next = 0;
  return (length: number) => Uint8Array.from({ length }, () => bytes[next++] ?? 0);
}

test("two different words are asked for, in their order, each pair as likely as the others", () => {
  const seen = new Map<string, number>();
  for (let first = 0; first < 252; first += 1)
    for (let second = 0; second < 253; second += 1) {
      const pair = pickAskedWords(12, fromBytes(first, second));
      expect(pair[0]).toBeLessThan(pair[1]);
      seen.set(pair.join(), (seen.get(pair.join()) ?? 0) + 1);
    }
  expect(seen.size).toBe(66);
  expect(new Set(seen.values()).size).toBe(1);
});

test("a byte that would favour the first words is thrown away", () => {
  expect(pickAskedWords(12, fromBytes(255, 254, 5, 0))).toEqual([0, 5]);
});

test("capitals, accents typed in another way and spaces around do not make a word wrong; another letter does", () => {
  expect(isSameWord(" Timber ", "timber")).toBe(true);
  expect(isSameWord("a\u0301baco", "\u00e1baco")).toBe(true);
  expect(isSameWord("timbre", "timber")).toBe(false);
});

test("words are found between any white space, ideographic too, and without their numbers", () => {
  expect(splitWords("1. harbor 2. ladder\n 3) ocean")).toEqual(["harbor", "ladder", "ocean"]);
  expect(splitWords("あいこくしん　あいさつ")).toEqual(["あいこくしん", "あいさつ"]);
  expect(splitWords("harbor-ladder;ocean 12")).toEqual(["harbor", "ladder", "ocean"]);
  expect(splitWords("  ")).toEqual([]);
});
