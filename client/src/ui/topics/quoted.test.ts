import { expect, test } from "vitest";
import { quoted } from "./quoted.ts";

test("a quote follows what was already written, line by line", () => {
  expect(quoted("", { text: "a\n\nb\n" })).toBe("> a\n>\n> b\n\n");
  expect(quoted("before\n", { text: "> a" })).toBe("before\n\n> > a\n\n");
});
