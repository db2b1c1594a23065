import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf } from "../testing/codec-laws.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { fromHex } from "../primitives/bytes.ts";
import { KeyError } from "../primitives/errors.ts";
import { toUtf8 } from "../primitives/utf8.ts";
import { loadWords, parseRecoveryPhrase, PHRASE_LANGUAGES, recoveryPhrase } from "./recovery-phrase.ts";

const phrases = await Promise.all(
  PHRASE_LANGUAGES.map(
    async (language) => [language, await recoveryPhrase(seededRandom("phrase")(16), language)] as const,
  ),
);
frozenVectors(
  "phrases",
  Object.fromEntries(
    phrases.map(([language, words]) => [`recovery phrase: ${language}`, () => toUtf8(words.join(" "))]),
  ),
);

test("the words of every language give the root back, however they are typed", async () => {
  const typings: readonly ((words: readonly string[]) => string)[] = [
    (words) => words.join(" "),
    (words) => `  ${words.join("\n\t ")} `,
    (words) => words.join("\u3000"),
    (words) => words.join(" ").toUpperCase(),
    (words) => words.join(" ").normalize("NFD"),
    (words) => words.map((word, index) => `${index + 1}. ${word}`).join("\n"),
  ];
  const property = fc.asyncProperty(
    bytesOf(16),
    fc.constantFrom(...PHRASE_LANGUAGES),
    fc.constantFrom(...typings),
    async (root, language, typed) => {
      const words = await recoveryPhrase(root, language);
      expect(words).toHaveLength(12);
      expect(await parseRecoveryPhrase(typed(words))).toStrictEqual({ kind: "root", root, language });
    },
  );
  await fc.assert(property, { seed: 1, numRuns: 60 });
});

test("published phrases of BIP39 are read as their entropy", async () => {
  const published = [
    ["00000000000000000000000000000000", `${"abandon ".repeat(11)}about`],
    ["7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f", "legal winner thank year wave sausage worth useful legal winner thank yellow"],
    [
      "80808080808080808080808080808080",
      "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
    ],
    ["ffffffffffffffffffffffffffffffff", `${"zoo ".repeat(11)}wrong`],
  ] as const;
  for (const [entropy, phrase] of published) {
    expect(await parseRecoveryPhrase(phrase)).toStrictEqual({ kind: "root", root: fromHex(entropy), language: "en" });
    expect((await recoveryPhrase(fromHex(entropy), "en")).join(" ")).toBe(phrase);
  }
});

test("words typed without their accents are understood; Japanese marks are letters", async () => {
  for (const language of ["fr", "es", "pt"] as const) {
    const words = await loadWords(language);
    expect(new Set(words.map((word) => word.normalize("NFD").replaceAll(/\p{Mn}/gu, ""))).size).toBe(2048);
  }
  const root = new Uint8Array(16).fill(0x5c);
  const typed = (await recoveryPhrase(root, "es"))
    .join(" ")
    .normalize("NFD")
    .replaceAll(/\p{Mn}/gu, "");
  expect(await parseRecoveryPhrase(typed)).toStrictEqual({ kind: "root", root, language: "es" });
  const japanese = await recoveryPhrase(new Uint8Array(16).fill(0x31), "ja");
  const unmarked = japanese
    .join(" ")
    .normalize("NFD")
    .replaceAll(/[\u3099\u309a]/gu, "");
  expect((await parseRecoveryPhrase(unmarked)).kind).toBe("refused");
});

test("a word that is in no list is named by its place; a wrong order is told from it", async () => {
  const words = [...(await recoveryPhrase(new Uint8Array(16).fill(0x42), "fr"))];
  const misspelt = words.with(3, "zzzz").with(7, "qqq");
  expect(await parseRecoveryPhrase(misspelt.join(" "))).toStrictEqual({
    kind: "refused",
    reason: "unknown-word",
    positions: [3, 7],
  });
  const mixed = words.with(5, "zoo");
  expect(await parseRecoveryPhrase(mixed.join(" "))).toStrictEqual({
    kind: "refused",
    reason: "unknown-word",
    positions: [5],
  });
  const wrong = `${"abandon ".repeat(11)}abandon`;
  expect(await parseRecoveryPhrase(wrong)).toStrictEqual({ kind: "refused", reason: "checksum" });
});

test("anything but twelve words says how many there were", async () => {
  for (const [typed, count] of [
    ["", 0],
    ["one two", 2],
    ["zoo ".repeat(13), 13],
  ] as const)
    expect(await parseRecoveryPhrase(typed)).toStrictEqual({ kind: "refused", reason: "word-count", count });
  await expect(recoveryPhrase(new Uint8Array(32), "en")).rejects.toThrow(KeyError);
});
