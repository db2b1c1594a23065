import { parseLink, toHex } from "@unionhall/crypto";
import { HallError, type JoinState } from "../core/index.ts";
import { openAccount, registerWith } from "./account-commands.ts";
import { wholeNumber } from "./arguments.ts";
import { caughtUp, type Command, type CommandParts } from "./command.ts";
import { findGroup, findInvite, findRequest } from "./find-id.ts";
import { terminalText, timeText } from "./output.ts";

const defaultUses = 10;
const defaultDays = 7;

export const invite: Command = async (parts) => {
  const { hall, words, options, output } = parts;
  await caughtUp(parts);
  const groupId = await findGroup(hall, words[0] ?? "");
  const { link, inviteId } = await hall.invites.make(groupId, {
    mode: options.instant === true ? "instant" : "approval",
    uses: options.uses === undefined ? defaultUses : wholeNumber(options.uses, "uses"),
    expiresInDays: options.expires === undefined ? defaultDays : wholeNumber(options.expires, "expires"),
    note: "",
  });
  await caughtUp(parts);
  output.result({ link, inviteId }, [link ?? inviteId]);
};

export const join: Command = async (parts) => {
  const { hall, words, options, output } = parts;
  const [link = ""] = words;
  const waitMilliseconds = options.wait === undefined ? 0 : wholeNumber(options.wait, "wait") * 1000;
  const isNew = (await hall.session.state()).kind === "empty";
  const registered = isNew ? await registerWith(parts, link) : null;
  await openAccount(parts);
  await sayRefusal(parts, link);
  let state = await hall.invites.join(link, { note: options.note ?? "" });
  if (state.kind === "waiting" && waitMilliseconds > 0) state = await awaitAnswer(parts, state, waitMilliseconds);
  if (state.kind === "refused") throw refused();
  await caughtUp(parts);
  const { groupId, kind } = state;
  const checkWords = state.kind === "waiting" ? { checkWords: state.checkWords.join(" ") } : {};
  const own = registered === null ? {} : { accountId: registered.accountId, words: registered.words };
  output.result({ groupId, status: kind, ...own, ...checkWords }, joinLines(state, registered?.words ?? null));
};

/** A request by this link that was turned down while nobody looked is said before another is made. */
async function sayRefusal(parts: CommandParts, text: string): Promise<void> {
  const { invites: door } = parts.hall;
  const link = parseLink(text);
  if (link.kind !== "invite") return;
  const groupId = toHex(link.groupId);
  const asked = async (): Promise<JoinState | undefined> =>
    (await door.joining()).find((one) => one.groupId === groupId);
  if ((await asked()) === undefined) return;
  await caughtUp(parts);
  if ((await asked())?.kind !== "refused") return;
  await door.cancel(groupId);
  throw refused();
}

function refused(): HallError {
  return new HallError("request-refused", "a facilitator turned the request down; the same command asks anew");
}

export const invites: Command = async (parts) => {
  await caughtUp(parts);
  const list = await parts.hall.invites.list(await findGroup(parts.hall, parts.words[0] ?? ""));
  const shown = list.map((one) => ({ ...one, name: one.note }));
  parts.output.result(
    { invites: shown },
    list.map(({ inviteId, mode, state, usesLeft, uses, expiresAt, madeBy }) =>
      [
        inviteId,
        mode,
        state,
        `${usesLeft} of ${uses} left`,
        `until ${timeText(expiresAt)}`,
        `by ${terminalText(madeBy.name)}`,
      ].join("  "),
    ),
  );
};

export const endInvite: Command = async (parts) => {
  await caughtUp(parts);
  const groupId = await findGroup(parts.hall, parts.words[0] ?? "");
  const inviteId = await findInvite(parts.hall, groupId, parts.words[1] ?? "");
  await parts.hall.invites.end(groupId, inviteId);
  await caughtUp(parts);
  parts.output.result({ groupId, inviteId, status: "ended" }, ["The invite has ended."]);
};

export const requests: Command = async (parts) => {
  await caughtUp(parts);
  const list = await parts.hall.invites.requests(await findGroup(parts.hall, parts.words[0] ?? ""));
  const shown = list.map((request) => ({ ...request, checkWords: request.checkWords?.join(" ") ?? null }));
  parts.output.result(
    { requests: shown },
    shown.map(({ requestId, name, union, checkWords, note }) =>
      terminalText(
        [requestId, name, union ?? "", checkWords === null ? "" : `(${checkWords})`, note]
          .filter((text) => text !== "")
          .join("  "),
      ),
    ),
  );
};

export const approve: Command = (parts) => decide(parts, "approved");
export const refuse: Command = (parts) => decide(parts, "refused");

async function decide(parts: CommandParts, status: "approved" | "refused"): Promise<void> {
  const { hall, words, output } = parts;
  await caughtUp(parts);
  const groupId = await findGroup(hall, words[0] ?? "");
  const requestId = await findRequest(hall, groupId, words[1] ?? "");
  if (status === "approved") await hall.invites.approve(groupId, requestId);
  else await hall.invites.refuse(groupId, requestId);
  await caughtUp(parts);
  output.result({ groupId, requestId, status }, [`The request is ${status}.`]);
}

/** The newest state of the request, when it is decided or the time is over. */
async function awaitAnswer({ hall, sleep }: CommandParts, asked: JoinState, milliseconds: number): Promise<JoinState> {
  let changed = Promise.withResolvers<void>();
  const stop = hall.subscribe(() => changed.resolve());
  const over = sleep(milliseconds).then(() => "over" as const);
  try {
    for (;;) {
      const now = await standing(hall, asked);
      if (now.kind !== "waiting") return now;
      if ((await Promise.race([changed.promise, over])) === "over") return now;
      changed = Promise.withResolvers<void>();
    }
  } finally {
    stop();
  }
}

async function standing(hall: CommandParts["hall"], asked: JoinState): Promise<JoinState> {
  const { groupId, groupName } = asked;
  const request = (await hall.invites.joining()).find((one) => one.groupId === groupId);
  if (request !== undefined) return request;
  const group = (await hall.groups.list()).find((one) => one.groupId === groupId);
  return group?.standing.kind === "member" ? { kind: "member", groupId, groupName } : asked;
}

function joinLines(state: JoinState, words: string | null): readonly string[] {
  const own = words === null ? [] : ["Write these 12 words down; they bring the account back:", words];
  if (state.kind !== "waiting") return [...own, `You are in ${terminalText(state.groupName)} (${state.groupId}).`];
  return [
    ...own,
    `${terminalText(state.inviterName)} was asked to let you into ${terminalText(state.groupName)} (${state.groupId}).`,
    `Both of you see these words: ${state.checkWords.join(" ")}`,
    "Run the same command again to go on.",
  ];
}
