/** How long a passphrase holds against somebody who has the device and guesses half a million times a day per machine. */
export type Strength = "too-short" | "weak" | "fair" | "good" | "strong";

const shortest = 8;

const common = [
  "password",
  "passwort",
  "motdepasse",
  "contraseña",
  "qwerty",
  "azerty",
  "letmein",
  "iloveyou",
  "union",
  "syndicat",
  "sindicato",
];

/** Characters that follow each other on a keyboard or in an alphabet: "abcd", "4321", "aaaa". */
function isRun(before: number, character: number, after: number): boolean {
  const step = character - before;
  return Math.abs(step) <= 1 && after - character === step;
}

/** Characters that a guesser could not foresee from the two before them. */
function unforeseen(text: string): number {
  const codes = Array.from(text.toLowerCase(), (character) => character.codePointAt(0) ?? 0);
  return codes.filter((code, index) => index < 2 || !isRun(codes[index - 2] ?? 0, codes[index - 1] ?? 0, code)).length;
}

function alphabet(text: string): number {
  let size = 0;
  if (/[a-z]/.test(text)) size += 26;
  if (/[A-Z]/.test(text)) size += 26;
  if (/\d/.test(text)) size += 10;
  if (/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(text)) size += 20;
  if (/\P{ASCII}/u.test(text)) size += 40;
  return Math.max(size, 2);
}

/** A letter of a word that a list of words holds, and a whole such word among others: about 4,000 to choose from. */
const bitsPerLetter = 2.4;
const bitsPerWord = 12;

function tokenBits(token: string, alone: boolean): number {
  const byCharacter = Math.min(unforeseen(token), new Set(token).size * 2) * Math.log2(alphabet(token)) * 0.75;
  if (!/^\p{L}+$/u.test(token)) return byCharacter;
  return Math.min(byCharacter, alone ? token.length * bitsPerLetter : bitsPerWord);
}

/** A cautious guess at the number of bits: every different part counts once, and what looks like a word no more than a word. */
export function passphraseBits(text: string): number {
  let rest = text.normalize("NFKC").trim();
  for (const word of common) rest = rest.toLowerCase().includes(word) ? rest.toLowerCase().replaceAll(word, "~") : rest;
  const tokens = [...new Set(rest.split(/\s+/u))];
  return tokens.reduce((bits, token) => bits + tokenBits(token, tokens.length === 1), 0);
}

export function passphraseStrength(text: string): Strength {
  if (Array.from(text.normalize("NFKC")).length < shortest) return "too-short";
  const bits = passphraseBits(text);
  if (bits < 30) return "weak";
  if (bits < 40) return "fair";
  return bits < 52 ? "good" : "strong";
}
