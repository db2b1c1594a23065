import { HallError, type Lock } from "../core/index.ts";
import type { Command, CommandParts } from "./command.ts";
import { caughtUp } from "./command.ts";
import { UsageError } from "./usage.ts";

/** Makes an account with this link. Used by `register`, and by `join` where there is none yet. */
export async function registerWith(parts: CommandParts, link: string): Promise<{ accountId: string; words: string }> {
  const { hall, options, output } = parts;
  if (options.name === undefined) throw new UsageError("--name is needed to make an account");
  const lock = lockOf(parts);
  const profile = { name: options.name, union: options.union ?? null, country: null, languages: [] };
  const { accountId, words } = await hall.session.register({ link, profile, lock, wordLanguage: "en" });
  if (lock.kind === "none")
    output.say(
      "No passphrase is set (UNIONHALL_PASSPHRASE): the key of this account lies in the home, in a file that only its owner may read.",
    );
  return { accountId, words: words.join(" ") };
}

export const register: Command = async (parts) => {
  const [link = ""] = parts.words;
  const made = await registerWith(parts, link);
  parts.output.result(made, [
    `Account ${made.accountId}`,
    "Write these 12 words down; they bring the account back:",
    made.words,
  ]);
};

/** Whoever asks for the words can write them down: from then on they count as shown, and a home without a passphrase forgets them. */
export const words: Command = async ({ hall, output, passphrase }) => {
  const state = await hall.session.state();
  const shown = (await hall.session.words(passphrase)).join(" ");
  output.result({ words: shown }, [shown]);
  await hall.session.confirmWords();
  if (state.kind === "open" && state.lock === "none")
    output.say("Write them down now: a home without a passphrase shows them once and keeps them no longer.");
};

export const recover: Command = async (parts) => {
  const { hall, options, output } = parts;
  if (options.words === undefined) throw new UsageError('recover needs --words "…"');
  const { accountId, groups } = await hall.session.recover({ words: options.words, lock: lockOf(parts) });
  await caughtUp(parts);
  const names = new Map((await hall.groups.list()).map(({ groupId, name }) => [groupId, name]));
  const shown = groups.map(({ groupId, name }) => ({ groupId, name: names.get(groupId) ?? name }));
  output.result({ accountId, groups: shown }, [
    `Account ${accountId} is back.`,
    ...shown.map(({ groupId, name }) => `${groupId}  ${name}`),
  ]);
};

/** Opens the account for a command that needs it. @throws HallError `locked`, `wrong-passphrase`, `no-account`, `storage-evicted` */
export async function openAccount({ hall, passphrase }: CommandParts): Promise<void> {
  const state = await hall.session.state();
  if (state.kind === "open") return;
  if (state.kind === "empty")
    throw new HallError("no-account", "there is no account in this home: register, join or recover first");
  if (state.kind === "evicted")
    throw new HallError("storage-evicted", "this home is not whole: recover into an empty one");
  if (state.kind === "in-use-elsewhere") throw new HallError("in-use-elsewhere", "another program uses this home");
  if (passphrase === null) throw new HallError("locked", "this home is locked: set UNIONHALL_PASSPHRASE");
  await hall.session.unlock(passphrase);
}

function lockOf({ passphrase }: CommandParts): Lock {
  return passphrase === null ? { kind: "none" } : { kind: "passphrase", passphrase };
}
