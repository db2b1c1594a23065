import type { Unionhall } from "../core/index.ts";
import type { Options } from "./arguments.ts";
import type { Output } from "./output.ts";

/** What a command gets. */
export interface CommandParts {
  readonly hall: Unionhall;
  readonly words: readonly string[];
  readonly options: Options;
  readonly output: Output;
  /** From the environment; null where none is set. */
  readonly passphrase: string | null;
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>;
  /** From the call on an interruption ends the command, not the program; resolves when there is one. */
  readonly untilInterrupted: () => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export type Command = (parts: CommandParts) => Promise<void>;

const catchUpMilliseconds = 30_000;

/** Waits until this home knows what the hall has and the hall has what this home wrote; offline or slow, not for ever. */
export async function caughtUp({ hall, sleep }: CommandParts): Promise<void> {
  await Promise.race([hall.settled(), sleep(catchUpMilliseconds)]);
}
