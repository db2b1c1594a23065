/** Wrong use of the command line: said on standard error with how it is used; exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Every command: what stands after its name, and what it does. */
export const usages = {
  register: ["LINK --name NAME [--union U]", "make an account with a setup link or an invite link"],
  found: ["NAME [--history all|from-joining] [--retention DAYS]", "found a working group"],
  invite: ["GROUP [--uses N] [--expires DAYS] [--instant]", "make an invite link"],
  join: [
    "LINK --name NAME [--union U] [--note TEXT] [--wait SECONDS]",
    "come in by an invite link; again with the same link goes on",
  ],
  invites: ["GROUP", "list the invites of a group"],
  "end-invite": ["GROUP INVITE", "end an invite"],
  requests: ["GROUP", "list who asks to come in"],
  approve: ["GROUP REQUEST", "let somebody in"],
  refuse: ["GROUP REQUEST", "turn a request down"],
  words: ["", "show the 12 words; a home without a passphrase shows them once"],
  recover: ['--words "…"', "bring an account back into an empty home"],
  groups: ["", "list your groups"],
  topics: ["GROUP", "list the topics of a group"],
  members: ["GROUP", "list the members of a group"],
  chain: ["GROUP", "show the record of a group: who admitted, removed and changed what"],
  topic: ["GROUP TITLE [--text TEXT]", "begin a topic; the text is read from standard input where it is not given"],
  post: ["GROUP TOPIC [--text TEXT]", "write into a topic; the text is read from standard input where it is not given"],
  read: ["GROUP TOPIC", "show a topic"],
  watch: ["GROUP", "show what is written in a group, until interrupted"],
  role: ["GROUP ACCOUNT facilitator|member", "change somebody's role"],
  remove: ["GROUP ACCOUNT", "remove somebody"],
  leave: ["GROUP", "leave a group"],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type CommandName = keyof typeof usages;

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(usages, name);
}

const globalUsage = `Options of every command, before or after it:
  --home DIR     where the account and its groups are kept (default: ~/.unionhall)
  --server URL   the hall, where no link says it; kept after the first use
  --json         print one JSON document (watch: one per line)
  --help         how a command is used

GROUP, TOPIC, ACCOUNT, INVITE and REQUEST are ids as the lists show them, or their beginning where that is clear; groups and topics also by name.
With UNIONHALL_PASSPHRASE in the environment the account is locked with that passphrase. Without it the key lies in the home, readable to its owner.`;

/** How one command is used, or all of them. */
export function usageText(command: CommandName | null): string {
  if (command !== null) {
    const [form, what] = usages[command];
    return `usage: unionhall ${command} ${form}\n  ${what}\n\n${globalUsage}\n`;
  }
  const lines = Object.entries(usages).map(([name, [form, what]]) => `  ${`${name} ${form}`.trim()}\n      ${what}`);
  return `usage: unionhall [options] COMMAND\n\n${lines.join("\n")}\n\n${globalUsage}\n`;
}
