import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseMarkdown } from "./markdown.ts";
import { plainTextOf } from "./plain-text.ts";

test("where nothing is to be parsed, the answer is the parser's own", () => {
  const words = [
    "Monday",
    "9",
    "9.",
    "12)",
    "-",
    "–",
    "a-b",
    "no",
    "“yes”",
    "(both)",
    "عمال",
    "労組",
    "etc.",
    "a/b",
    "www",
    "1",
  ];
  const gaps = [" ", " ", " ", "\n", "\n\n", "\n \n", "  ", " \n", "\n  ", "    "];
  const text = fc
    .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...gaps)), { maxLength: 12 })
    .map((pairs) => pairs.flat().join(""));
  let plain = 0;
  fc.assert(
    fc.property(text, (written) => {
      const root = plainTextOf(written);
      if (root === null) return;
      plain += 1;
      expect(root, JSON.stringify(written)).toEqual(parseMarkdown(written));
    }),
    { numRuns: 3_000, seed: 7 },
  );
  expect(plain).toBeGreaterThan(300);
});

test.each([
  "*a*",
  "- a",
  "1. a",
  "# a",
  "a\n---",
  "www.a.org",
  "https://a.org",
  "a@b.org",
  "`a`",
  "a  \nb",
  "    a",
  "<b>",
  "a\\b",
  "&amp;",
])("%s is left to the parser", (text) => {
  expect(plainTextOf(text)).toBeNull();
});
