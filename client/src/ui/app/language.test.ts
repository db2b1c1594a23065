import { i18n } from "@lingui/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Language } from "./language.ts";

type Words = { readonly messages: Readonly<Record<string, string>> };

const names = ["en", "fr", "ar"].flatMap((code) => [`${code}/first`, `${code}/rest`]);

/** What was asked for, as `language/part`; answered when the test says so. */
const asked = new Map<string, PromiseWithResolvers<Words>>();

function catalogue(name: string): PromiseWithResolvers<Words> {
  const known = asked.get(name) ?? Promise.withResolvers<Words>();
  asked.set(name, known);
  return known;
}

function arrive(code: Language, part: "first" | "rest"): void {
  catalogue(`${code}/${part}`).resolve({ messages: { [part]: `${part} in ${code}` } });
}

/** A page that has said nothing yet. */
async function newPage() {
  vi.resetModules();
  return import("./language.ts");
}

beforeEach(() => {
  vi.stubGlobal("document", { documentElement: {} });
  asked.clear();
  for (const name of names) vi.doMock(`../locales/${name}.po`, () => catalogue(name).promise);
});
afterEach(() => {
  for (const name of names) vi.doUnmock(`../locales/${name}.po`);
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Speaks English in whole. */
async function inEnglish() {
  const page = await newPage();
  arrive("en", "first");
  arrive("en", "rest");
  await page.speak("en");
  await page.restOfWords();
  return page;
}

test("a language that comes after another one was chosen is not spoken", async () => {
  const { speak } = await inEnglish();
  const french = speak("fr");
  expect(await speak("en")).toBe(true);
  arrive("fr", "first");
  arrive("fr", "rest");
  expect(await french).toBe(false);
  expect(i18n.locale).toBe("en");
});

test("where two languages do not come one after the other, the first can be chosen again", async () => {
  const { speak } = await inEnglish();
  const french = speak("fr");
  const arabic = speak("ar");
  catalogue("fr/first").reject(new Error("no network"));
  catalogue("ar/first").reject(new Error("no network"));
  await expect(french).rejects.toBeDefined();
  await expect(arabic).rejects.toBeDefined();
  expect(i18n.locale).toBe("en");
  asked.clear();
  vi.doMock("../locales/fr/first.po", () => catalogue("fr/first").promise);
  arrive("fr", "first");
  arrive("fr", "rest");
  expect(await speak("fr")).toBe(true);
  expect(i18n.locale).toBe("fr");
});

test("the first language is completed though the account's does not come", async () => {
  const { speak, restOfWords } = await newPage();
  arrive("en", "first");
  await speak("en");
  const french = speak("fr");
  arrive("en", "rest");
  await restOfWords();
  catalogue("fr/first").reject(new Error("no network"));
  await expect(french).rejects.toBeDefined();
  await restOfWords();
  expect(i18n.messages).toMatchObject({ first: "first in en", rest: "rest in en" });
});
