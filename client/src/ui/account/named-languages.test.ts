import { expect, test } from "vitest";
import { namedLanguages } from "./named-languages.ts";

test("languages stand by their own names, in order, with the one that was chosen among them", () => {
  const names = namedLanguages("en");
  expect(names.length).toBeGreaterThan(60);
  expect(names).toContainEqual({ code: "es", name: "Español" });
  expect(names).toContainEqual({ code: "ar", name: "العربية" });
  expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  expect(namedLanguages("eo").map(({ code }) => code)).toContain("eo");
  expect(namedLanguages("no such code")).toContainEqual({ code: "no such code", name: "no such code" });
});
