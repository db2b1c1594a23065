import { expect, test } from "vitest";
import { compareOrder, placeOf } from "./topic-order.ts";

const noon = Date.UTC(2026, 4, 1, 12);
const eraStartedAt = noon - 86_400_000;

test("without anything named the claimed time decides", () => {
  expect(placeOf({ time: noon, eraStartedAt, named: [] })).toBe(noon);
});

test("an answer stands after its question, however slow the answerer's clock is", () => {
  const question = placeOf({ time: noon, eraStartedAt, named: [] });
  const answer = placeOf({ time: noon - 3_600_000, eraStartedAt, named: [question] });
  expect(compareOrder({ place: question, hash: "ff" }, { place: answer, hash: "00" })).toBeLessThan(0);
});

test("a clock far in the future does not part an answer from its question", () => {
  const question = placeOf({ time: 8.64e15, eraStartedAt, named: [] });
  const answer = placeOf({ time: noon, eraStartedAt, named: [question] });
  expect(answer).toBe(question + 1);
  expect(Number.isSafeInteger(answer)).toBe(true);
});

test("nothing is put before the era it was written in", () => {
  expect(placeOf({ time: 0, eraStartedAt, named: [] })).toBe(eraStartedAt);
});

test("equal places are told apart by hash, the same way round for everybody", () => {
  const [a, b] = [
    { place: noon, hash: "0a" },
    { place: noon, hash: "0b" },
  ];
  expect(compareOrder(a, b)).toBeLessThan(0);
  expect(compareOrder(b, a)).toBeGreaterThan(0);
  expect(compareOrder(a, a)).toBe(0);
});
