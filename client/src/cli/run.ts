import { HallError, type Unionhall } from "../core/index.ts";
import * as account from "./account-commands.ts";
import { parseCommandLine, type Parsed } from "./arguments.ts";
import type { Command, CommandParts } from "./command.ts";
import * as group from "./group-commands.ts";
import { hallAddress, keepAddress } from "./hall-address.ts";
import * as invite from "./invite-commands.ts";
import { outputTo, type Output, type Streams } from "./output.ts";
import * as topic from "./topic-commands.ts";
import { UsageError, usageText, type CommandName } from "./usage.ts";

/** What the command line needs of the process it runs in. */
export interface Surroundings extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readInput: () => Promise<string>;
  readonly untilInterrupted: () => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Opens the device in `home`; waits while another program has it. */
  readonly open: (device: { readonly home: string; readonly origin: string }) => Unionhall;
}

const commands: Readonly<Record<CommandName, Command>> = {
  register: account.register,
  words: account.words,
  recover: account.recover,
  found: group.found,
  groups: group.groups,
  members: group.members,
  chain: group.chain,
  role: group.role,
  remove: group.remove,
  leave: group.leave,
  invite: invite.invite,
  join: invite.join,
  invites: invite.invites,
  "end-invite": invite.endInvite,
  requests: invite.requests,
  approve: invite.approve,
  refuse: invite.refuse,
  topics: topic.topics,
  topic: topic.newTopic,
  post: topic.newPost,
  read: topic.read,
  watch: topic.watch,
};

const closeMilliseconds = 15_000;

/** Those that may begin in a home without an account. */
const openers: readonly CommandName[] = ["register", "join", "recover"];

/** Runs one command. Returns the exit status: 0, 1 for a refusal, 2 for wrong use. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let output = outputTo(surroundings, argv.includes("--json"));
  try {
    const parsed = parseCommandLine(argv, surroundings.env);
    if (parsed.kind === "help") {
      const usage = usageText(parsed.command);
      output.result({ usage }, [usage.trimEnd()]);
      return 0;
    }
    output = outputTo(surroundings, parsed.json);
    await runCommand(parsed, output, surroundings);
    return 0;
  } catch (error) {
    return failed(error, argv, output);
  }
}

type ParsedCommand = Extract<Parsed, { readonly kind: "command" }>;

async function runCommand(parsed: ParsedCommand, output: Output, surroundings: Surroundings): Promise<void> {
  const { command, words, options, home, server } = parsed;
  const isByLink = command === "register" || command === "join";
  const origin = hallAddress(home, server, isByLink ? (words[0] ?? null) : null);
  const passphrase = surroundings.env["UNIONHALL_PASSPHRASE"] ?? null;
  const { readInput, untilInterrupted, sleep } = surroundings;
  const hall = surroundings.open({ home, origin });
  const parts: CommandParts = { hall, words, options, output, passphrase, readInput, untilInterrupted, sleep };
  try {
    if (!openers.includes(command)) await account.openAccount(parts);
    await commands[command](parts);
    keepAddress(home, origin);
    if (command !== "words") await sayIfOffline(parts);
  } finally {
    // What was acknowledged is stored; a hall that does not come to rest must not hold up who waits for this command.
    await Promise.race([hall.close(), sleep(closeMilliseconds)]);
  }
}

/** What was printed is then what this home knew before. */
async function sayIfOffline({ hall, output }: CommandParts): Promise<void> {
  const state = await hall.session.state();
  if (state.kind === "open" && state.connection.kind !== "online")
    output.say(
      "The hall was not reached: this is what the home holds. What was written here is sent with the next command.",
    );
}

function failed(error: unknown, argv: readonly string[], output: Output): number {
  const isJson = argv.includes("--json") && !output.hasResult;
  if (error instanceof UsageError) {
    output.say(`unionhall: ${error.message}`);
    output.say("unionhall: --help shows how it is used");
    if (isJson) output.result({ problem: "wrong-use", detail: error.message }, []);
    return 2;
  }
  if (error instanceof HallError) {
    output.say(`unionhall: ${error.detail} (${error.problem})`);
    if (isJson) output.result({ problem: error.problem, detail: error.detail }, []);
    return 1;
  }
  // A fault of the program. Its message may hold what was worked on, where it happened may not.
  const name = error instanceof Error ? error.name : "unknown";
  const place = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  output.say([`unionhall: a fault in the program: ${name}`, ...place.slice(0, 8)].join("\n"));
  if (isJson) output.result({ problem: "fault", detail: name }, []);
  return 1;
}
