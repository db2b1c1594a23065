import type { BindingWords, GroupAccount } from "./group-state.ts";
import type { LastWords } from "./operations.ts";

/** The account with last words that bind its records of every device. */
export function withWords(
  account: GroupAccount,
  index: number,
  binds: BindingWords["binds"],
  words: LastWords,
): GroupAccount {
  return { ...account, lastWords: [...account.lastWords, { index, binds, devices: null, words }] };
}

/** The account with last words that bind its records of the devices revoked in this entry. */
export function withWordsOfRevoked(
  account: GroupAccount,
  index: number,
  revoked: readonly Uint8Array[],
  words: LastWords,
): GroupAccount {
  return { ...account, lastWords: [...account.lastWords, { index, binds: "all", devices: revoked, words }] };
}
