import { expect, test } from "vitest";
import { hallProblems } from "../../core/index.ts";
import { failureOf } from "./failure.ts";
import { problemWords } from "./problem-words.ts";

test("every problem of core says what happened and what to do, in whole sentences", () => {
  expect(hallProblems.length).toBeGreaterThan(40);
  for (const problem of [...hallProblems, "unexpected"] as const) {
    const { what, safe, next } = problemWords[problem];
    for (const words of [what, next, ...(safe ? [safe] : [])])
      expect([problem, words.message]).toEqual([problem, expect.stringMatching(/^[A-Z0-9].*[.”]$/)]);
  }
});

test("no two problems are said in the same words", () => {
  const said = hallProblems.map((problem) => problemWords[problem].what.message);
  expect(new Set(said).size).toBe(hallProblems.length);
});

test("a problem that crossed the worker's boundary as plain data keeps its words; anything else is unexpected", () => {
  expect(failureOf({ problem: "offline", detail: "no network" })).toBe("offline");
  expect(failureOf({ problem: "made-up" })).toBe("unexpected");
  expect(failureOf(new Error("text that nobody should see"))).toBe("unexpected");
});
