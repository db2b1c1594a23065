import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isCommand, UsageError, usages, type CommandName } from "./usage.ts";

/** Options by command; those of every command are parsed beside them. */
const optionNames = {
  register: ["name", "union"],
  found: ["history", "retention"],
  invite: ["uses", "expires", "instant"],
  join: ["name", "union", "note", "wait"],
  recover: ["words"],
  topic: ["text"],
  post: ["text"],
} as const satisfies Partial<Record<CommandName, readonly string[]>>;

const options = {
  home: { type: "string" },
  server: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
  name: { type: "string" },
  union: { type: "string" },
  note: { type: "string" },
  history: { type: "string" },
  retention: { type: "string" },
  uses: { type: "string" },
  expires: { type: "string" },
  instant: { type: "boolean" },
  wait: { type: "string" },
  words: { type: "string" },
  text: { type: "string" },
} as const;
const ofEveryCommand: readonly string[] = ["home", "server", "json", "help"];

export type Options = {
  readonly [K in keyof typeof options]?: (typeof options)[K]["type"] extends "string" ? string : boolean;
};

export type Parsed =
  | { readonly kind: "help"; readonly command: CommandName | null }
  | {
      readonly kind: "command";
      readonly command: CommandName;
      /** As many as the command takes. */
      readonly words: readonly string[];
      readonly options: Options;
      readonly home: string;
      readonly server: string | null;
      readonly json: boolean;
    };

/** @throws {UsageError} what does not fit the command */
export function parseCommandLine(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Parsed {
  const { values, positionals } = parse(argv);
  const [name, ...words] = positionals;
  const help = values.help === true || name === "help";
  if (name === undefined || name === "help") {
    if (help) return { kind: "help", command: words[0] !== undefined && isCommand(words[0]) ? words[0] : null };
    throw new UsageError("a command is missing");
  }
  if (!isCommand(name)) throw new UsageError(`there is no command ${name}`);
  if (help) return { kind: "help", command: name };
  checkWords(name, words);
  checkOptions(name, values);
  const home = values.home ?? env["UNIONHALL_HOME"] ?? join(homedir(), ".unionhall");
  const server = values.server === undefined ? null : originOf(values.server);
  return { kind: "command", command: name, words, options: values, home, server, json: values.json === true };
}

function parse(argv: readonly string[]): { readonly values: Options; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "the arguments cannot be read");
  }
}

function checkWords(command: CommandName, words: readonly string[]): void {
  const expected = usages[command][0].split(" ").filter((word) => /^[A-Z]+$|^facilitator\|/.test(word));
  const count = wordsBeforeOptions(usages[command][0]);
  if (words.length < count) throw new UsageError(`${command} needs ${expected.slice(words.length, count).join(" ")}`);
  if (words.length > count) throw new UsageError(`${command} takes no ${words[count]}`);
}

/** How many words stand in a usage before its first option. */
function wordsBeforeOptions(form: string): number {
  const words = form === "" ? [] : form.split(" ");
  const first = words.findIndex((word) => word.startsWith("-") || word.startsWith("[-"));
  return first === -1 ? words.length : first;
}

function checkOptions(command: CommandName, values: Options): void {
  const allowed: readonly string[] = Object.hasOwn(optionNames, command) ? Reflect.get(optionNames, command) : [];
  const strange = Object.keys(values).find((name) => !ofEveryCommand.includes(name) && !allowed.includes(name));
  if (strange !== undefined) throw new UsageError(`${command} has no option --${strange}`);
}

/** @throws {UsageError} unless an address of a hall: scheme, host and port are taken */
function originOf(server: string): string {
  const url = URL.parse(server);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(`--server is no address: ${server}`);
  return url.origin;
}

/** A whole number from an option. @throws {UsageError} */
export function wholeNumber(text: string, name: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageError(`--${name} takes a whole number`);
  return Number(text);
}
