/**
 * Twelve words that were just typed to be checked and are asked for again on the next page. They live only in this module and only until that
 * page has them: never stored, and never in the browser's history.
 */
let inHand = "";

export function takeInHand(words: string): void {
  inHand = words;
}

export function wordsInHand(): string {
  return inHand;
}

export function letGoOfWords(): void {
  inHand = "";
}
