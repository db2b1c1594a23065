/** Fills with random bytes; the browser's own in the app. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * Picks which words are asked back: two different places, in order, evenly likely.
 *
 * @returns places counted from 0
 */
export function pickAskedWords(count: number, random: RandomBytes): readonly [number, number] {
  const first = below(count, random);
  const other = below(count - 1, random);
  const second = other >= first ? other + 1 : other;
  return first < second ? [first, second] : [second, first];
}

/** Evenly below a limit of at most 256: bytes that would favour small numbers are thrown away. */
function below(limit: number, random: RandomBytes): number {
  const fair = 256 - (256 % limit);
  for (;;) {
    const [byte = 0] = random(1);
    if (byte < fair) return byte % limit;
  }
}

/** The form in which words are compared: how somebody types capitals, accents or spaces does not count. */
function plain(word: string): string {
  return word.normalize("NFKD").trim().toLowerCase();
}

export function isSameWord(typed: string, word: string): boolean {
  return plain(typed) === plain(word);
}

/** The words in a text, however they were separated or numbered: what core takes for words, so that both count the same. */
export function splitWords(text: string): readonly string[] {
  return text
    .normalize("NFKC")
    .split(/[^\p{L}\p{M}]+/u)
    .filter((part) => part !== "");
}
