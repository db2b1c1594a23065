import type { ChainLine, History } from "../core/index.ts";
import { wholeNumber } from "./arguments.ts";
import { caughtUp, type Command } from "./command.ts";
import { findGroup, findMember } from "./find-id.ts";
import { terminalText, timeText } from "./output.ts";
import { UsageError } from "./usage.ts";

export const found: Command = async (parts) => {
  const { hall, words, options, output } = parts;
  const [name = ""] = words;
  const retentionDays = options.retention === undefined ? null : wholeNumber(options.retention, "retention");
  const history = historyOf(options.history ?? "all");
  const { groupId } = await hall.groups.found({ name, description: "", history, retentionDays });
  await caughtUp(parts);
  output.result({ groupId }, [`Group ${groupId}`]);
};

export const groups: Command = async (parts) => {
  await caughtUp(parts);
  const list = await parts.hall.groups.list();
  parts.output.result(
    { groups: list },
    list.map(({ groupId, name, standing, memberCount, unreadPosts }) =>
      [
        groupId,
        terminalText(name),
        standing.kind === "member" ? standing.role : standing.kind,
        `${memberCount} members`,
        `${unreadPosts} unread`,
      ].join("  "),
    ),
  );
};

export const members: Command = async (parts) => {
  await caughtUp(parts);
  const list = await parts.hall.groups.members(await findGroup(parts.hall, parts.words[0] ?? ""));
  const shown = list.map((member) => ({ ...member, name: member.profile.name }));
  parts.output.result(
    { members: shown },
    shown.map(
      ({ accountId, name, role, you }) => `${accountId}  ${terminalText(name)}  ${role}${you ? "  (you)" : ""}`,
    ),
  );
};

export const chain: Command = async (parts) => {
  await caughtUp(parts);
  const lines = await parts.hall.groups.chain(await findGroup(parts.hall, parts.words[0] ?? ""));
  const entries = lines.map((line) => ({ ...line, name: line.by.name }));
  parts.output.result({ entries }, lines.map(chainText));
};

export const role: Command = async (parts) => {
  const { hall, words, output } = parts;
  const [group = "", account = "", wanted = ""] = words;
  if (wanted !== "facilitator" && wanted !== "member") throw new UsageError("a role is facilitator or member");
  await caughtUp(parts);
  const groupId = await findGroup(hall, group);
  const accountId = await findMember(hall, groupId, account);
  await hall.groups.setRole(groupId, accountId, wanted);
  await caughtUp(parts);
  output.result({ groupId, accountId, role: wanted }, [`${accountId} is ${wanted}`]);
};

export const remove: Command = async (parts) => {
  const { hall, words, output } = parts;
  const [group = "", account = ""] = words;
  await caughtUp(parts);
  const groupId = await findGroup(hall, group);
  const accountId = await findMember(hall, groupId, account);
  await hall.groups.remove(groupId, accountId);
  await caughtUp(parts);
  output.result({ groupId, accountId, status: "removed" }, [`${accountId} is removed`]);
};

export const leave: Command = async (parts) => {
  await caughtUp(parts);
  const groupId = await findGroup(parts.hall, parts.words[0] ?? "");
  await parts.hall.groups.leave(groupId);
  await caughtUp(parts);
  parts.output.result({ groupId, status: "left" }, ["You have left the group."]);
};

function historyOf(text: string): History {
  if (text === "all" || text === "from-joining") return text;
  throw new UsageError("--history is all or from-joining");
}

function chainText({ index, time, by, acts, verdict }: ChainLine): string {
  const what = acts.map((act) => ("who" in act ? `${act.kind} ${act.who.name}` : act.kind)).join(", ");
  const judged = verdict.kind === "void" ? `  VOID: ${verdict.reason}` : "";
  return terminalText(`${index}  ${timeText(time)}  ${by.name}: ${what}${judged}`);
}
