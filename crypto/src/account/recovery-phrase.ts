/**
 * The root as 12 words (BIP39: 128 bits and a checksum of 4). The entropy itself, not BIP39's derived seed: the words of
 * any language give the same root (protocol section 3). Lists are loaded when they are needed: they are large.
 */
import { ROOT_BYTES } from "./root.ts";
import { KeyError } from "../primitives/errors.ts";

/** The languages in which the words can be shown; all of them are understood. */
export const PHRASE_LANGUAGES = ["en", "fr", "es", "pt", "ja"] as const;
export type PhraseLanguage = (typeof PHRASE_LANGUAGES)[number];

/** How many words a phrase has. */
export const PHRASE_WORDS = 12;

export type PhraseVerdict =
  | { readonly kind: "root"; readonly root: Uint8Array; readonly language: PhraseLanguage }
  | { readonly kind: "refused"; readonly reason: "word-count"; readonly count: number }
  /** `positions`, from 0: the words that stand in no list, or not in the list that most of the others are from. */
  | { readonly kind: "refused"; readonly reason: "unknown-word"; readonly positions: readonly number[] }
  /** All words are known, but a wrong one is among them, or their order is wrong. */
  | { readonly kind: "refused"; readonly reason: "checksum" };

/** The 12 words of a root of 16 bytes. Joined by spaces they are the phrase. @throws {KeyError} for another length */
export async function recoveryPhrase(root: Uint8Array, language: PhraseLanguage): Promise<readonly string[]> {
  if (root.length !== ROOT_BYTES) throw new KeyError();
  const [{ entropyToMnemonic }, words] = await Promise.all([import("@scure/bip39"), loadWords(language)]);
  // NFC, as people's keyboards and fonts expect; BIP39's lists are NFKD.
  return entropyToMnemonic(root, words)
    .split(/\s+/u)
    .map((word) => word.normalize("NFC"));
}

/**
 * Reads what a person typed: any of the languages, upper or lower case, composed or decomposed letters, and outside
 * Japanese without accents too; words parted by anything that is not a letter (spaces, numbers, ideographic spaces).
 */
export async function parseRecoveryPhrase(typed: string): Promise<PhraseVerdict> {
  const words = typed
    .toWellFormed()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== "");
  if (words.length !== PHRASE_WORDS) return { kind: "refused", reason: "word-count", count: words.length };
  const readings = await Promise.all(PHRASE_LANGUAGES.map((language) => readIn(language, words)));
  const complete = readings.filter(({ unknown }) => unknown.length === 0);
  const { mnemonicToEntropy } = await import("@scure/bip39");
  for (const { language, list, found } of complete) {
    const root = entropyOf(mnemonicToEntropy, found, list);
    if (root !== null) return { kind: "root", root, language };
  }
  if (complete.length > 0) return { kind: "refused", reason: "checksum" };
  const closest = readings.reduce((best, reading) => (reading.unknown.length < best.unknown.length ? reading : best));
  return { kind: "refused", reason: "unknown-word", positions: closest.unknown };
}

interface Reading {
  readonly language: PhraseLanguage;
  readonly list: string[];
  /** The words as the list writes them. */
  readonly found: readonly string[];
  readonly unknown: readonly number[];
}

async function readIn(language: PhraseLanguage, words: readonly string[]): Promise<Reading> {
  const list = await loadWords(language);
  const byForm = new Map(list.map((word) => [fold(word, language), word]));
  const found = words.map((word) => byForm.get(fold(word, language)));
  const unknown = found.flatMap((word, position) => (word === undefined ? [position] : []));
  return { language, list, found: found.filter((word) => word !== undefined), unknown };
}

/** Accents tell no two words of a list apart, except in Japanese, where か and が are different letters. */
function fold(word: string, language: PhraseLanguage): string {
  const plain = word.normalize("NFKD").toLowerCase();
  return language === "ja" ? plain : plain.replaceAll(/\p{Mn}/gu, "");
}

function entropyOf(
  mnemonicToEntropy: (phrase: string, list: string[]) => Uint8Array,
  words: readonly string[],
  list: string[],
): Uint8Array | null {
  try {
    return new Uint8Array(mnemonicToEntropy(words.join(" "), list));
  } catch {
    return null;
  }
}

const lists: Readonly<Record<PhraseLanguage, () => Promise<{ readonly wordlist: string[] }>>> = {
  en: () => import("@scure/bip39/wordlists/english.js"),
  fr: () => import("@scure/bip39/wordlists/french.js"),
  es: () => import("@scure/bip39/wordlists/spanish.js"),
  pt: () => import("@scure/bip39/wordlists/portuguese.js"),
  ja: () => import("@scure/bip39/wordlists/japanese.js"),
};

/** The list of one language, 2048 words. */
export async function loadWords(language: PhraseLanguage): Promise<string[]> {
  return (await lists[language]()).wordlist;
}
