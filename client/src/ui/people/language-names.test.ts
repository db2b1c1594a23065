import { expect, test } from "vitest";
import { languageNames } from "./language-names.ts";

test("languages are called as the reader calls them, each once, and what is none is left out", () => {
  expect(languageNames(["fr", "pt-BR", "fr"], "en")).toEqual(["French", "Brazilian Portuguese"]);
  expect(languageNames(["ar"], "fr")).toEqual(["arabe"]);
  expect(languageNames(["", "<b>", "xx-nonsense-here", "qqq"], "en")).toEqual([]);
});
