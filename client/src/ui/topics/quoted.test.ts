import { expect, test } from "vitest";
import { quoted } from "./quoted.ts";

const author = { accountId: "a", name: "Ana Duarte" };

test("a quote names its author and follows what was already written", () => {
  expect(quoted("", { text: "a\nb\n", author })).toBe("> **Ana Duarte:**\n> a\n> b\n\n");
  expect(quoted("before\n", { text: "a", author })).toBe("before\n\n> **Ana Duarte:**\n> a\n\n");
  expect(quoted("", { text: "a", author: { accountId: null, name: "" } })).toBe("> a\n\n");
  expect(quoted("", { text: "a", author: { accountId: "b", name: "*Ana* <b>" } })).toContain("**\\*Ana\\* \\<b\\>:**");
});

test("a quote is what was selected, else the first paragraph of the post's own", () => {
  const text = "> **Ben:**\n> earlier\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nMy answer.\n\nMore.";
  expect(quoted("", { text, author })).toBe("> **Ana Duarte:**\n> My answer.\n\n");
  expect(quoted("", { text, author }, " More.\n\nAnd ")).toBe("> **Ana Duarte:**\n> More.\n>\n> And\n\n");
  expect(quoted("", { text: "> only a quote", author })).toBe("> **Ana Duarte:**\n> > only a quote\n\n");
  expect(quoted("", { text: "# Heading\n\n> earlier\nits end\n\nMine\n> not", author })).toBe(
    "> **Ana Duarte:**\n> Mine\n\n",
  );
});

test("a long paragraph is cut after a word, and no character in two", () => {
  const long = quoted("", { text: "word ".repeat(100), author });
  expect(long).toMatch(/ word…\n\n$/);
  expect(long.length).toBeLessThan(330);
  expect(quoted("", { text: "\u{1f600}".repeat(400), author })).toContain(`${"\u{1f600}".repeat(300)}…`);
});
