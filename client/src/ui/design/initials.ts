const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function first(text: string, count: number): string {
  return [...graphemes.segment(text)]
    .slice(0, count)
    .map((part) => part.segment)
    .join("");
}

/** Scripts whose letters join or stand for whole syllables: one letter says enough, two would read as a word. */
const oneLetterScripts =
  /^[\p{Script=Arabic}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Devanagari}\p{Script=Thai}]/u;

/** One or two letters for a person's name, in the name's own script. */
export function initials(name: string): string {
  const words = name.split(/[\s\-.,'’()]+/u).filter((word) => /\p{L}|\p{N}/u.test(word));
  const [start, next] = words;
  if (!start) return "·";
  if (oneLetterScripts.test(start)) return first(start, 1);
  const letters = next ? first(start, 1) + first(next, 1) : first(start, 2);
  return letters.toLocaleUpperCase();
}

/** Which of eight tints belongs to an account, the same on every device. */
export function tintOf(accountId: string): number {
  return Number.parseInt(accountId.slice(0, 2), 16) % 8 || 0;
}
