import { HallError, type Post, type Unionhall } from "../core/index.ts";
import { caughtUp, type Command, type CommandParts } from "./command.ts";
import { findGroup, findTopic } from "./find-id.ts";
import { terminalText, timeText } from "./output.ts";

const pageLength = 200;

export const topics: Command = async (parts) => {
  await caughtUp(parts);
  const list = await parts.hall.topics.list(await findGroup(parts.hall, parts.words[0] ?? ""));
  const shown = list.map((one) => ({ ...one, name: one.title }));
  parts.output.result(
    { topics: shown },
    list.map(({ topicId, title, posts, unread, latestActivity }) =>
      [
        topicId,
        terminalText(titleText(title)),
        `${posts} posts`,
        `${unread} unread`,
        ...(latestActivity === null ? [] : [timeText(latestActivity)]),
      ].join("  "),
    ),
  );
};

export const newTopic: Command = async (parts) => {
  const { hall, words, output } = parts;
  const text = await textOf(parts);
  await caughtUp(parts);
  const groupId = await findGroup(hall, words[0] ?? "");
  const { topicId, recordId } = await hall.topics.create(groupId, { title: words[1] ?? "", text });
  await caughtUp(parts);
  await becameOf(parts, { groupId, topicId, recordId });
  output.result({ topicId, recordId }, [`Topic ${topicId}`]);
};

export const newPost: Command = async (parts) => {
  const { hall, words, output } = parts;
  const text = await textOf(parts);
  await caughtUp(parts);
  const groupId = await findGroup(hall, words[0] ?? "");
  const topicId = await findTopic(hall, groupId, words[1] ?? "");
  const { recordId } = await hall.topics.reply(groupId, topicId, text);
  await caughtUp(parts);
  const { seq, status } = await becameOf(parts, { groupId, topicId, recordId });
  output.result({ recordId, seq, status }, [`Post ${recordId}`]);
};

interface Written {
  readonly groupId: string;
  readonly topicId: string;
  readonly recordId: string;
}

/** What became of what was just written. @throws HallError why it is not sent, and will not be */
async function becameOf(
  { hall, output }: CommandParts,
  { groupId, topicId, recordId }: Written,
): Promise<{ readonly seq: number | null; readonly status: Post["state"]["kind"] }> {
  const posted = (await allPosts(hall, groupId, topicId)).find((one) => one.recordId === recordId);
  if (posted?.state.kind === "failed")
    throw new HallError(
      "server-refused",
      `it was not sent, and will not be (${posted.state.problem}); it is kept here`,
    );
  const seq = posted?.seq ?? null;
  if (seq === null)
    output.say("The hall has not acknowledged it yet; it is kept here, and sent with the next command.");
  return { seq, status: posted?.state.kind ?? "sending" };
}

export const read: Command = async (parts) => {
  const { hall, words, output } = parts;
  await caughtUp(parts);
  const groupId = await findGroup(hall, words[0] ?? "");
  const topicId = await findTopic(hall, groupId, words[1] ?? "");
  const { title } = await hall.topics.get(groupId, topicId);
  const posts = await allPosts(hall, groupId, topicId);
  output.result({ title, posts: posts.map(postDocument) }, [
    terminalText(titleText(title)),
    "",
    ...posts.flatMap(postLines),
  ]);
};

/** What is there at the start is not shown: only what comes. */
export const watch: Command = async (parts) => {
  const { hall, words, output, untilInterrupted } = parts;
  const interrupted = untilInterrupted();
  await caughtUp(parts);
  const groupId = await findGroup(hall, words[0] ?? "");
  const shown = new Set<string>();
  const look = async (topicId: string, show: (title: string | null, one: Post) => void): Promise<void> => {
    const { title } = await hall.topics.get(groupId, topicId);
    for (const one of await allPosts(hall, groupId, topicId)) {
      if (!isOpened(one) || shown.has(one.recordId)) continue;
      shown.add(one.recordId);
      show(title, one);
    }
  };
  const news = changedTopics(hall, groupId);
  for (const { topicId } of await hall.topics.list(groupId)) await look(topicId, () => {});
  output.say("Watching; interrupt to stop.");
  const show = async (): Promise<never> => {
    for (;;)
      for (const topicId of await news.next())
        await look(topicId, (title, one) => {
          output.line({ groupId, topicId, title, ...postDocument(one) }, postLine(title, one));
        });
  };
  try {
    await Promise.race([interrupted, show()]);
  } finally {
    news.stop();
  }
};

/** Which topics of a group have changed since it was last asked, and which are new; waits until there is one. */
function changedTopics(hall: Unionhall, groupId: string): { next(): Promise<readonly string[]>; stop(): void } {
  let changed = new Set<string>();
  let came = Promise.withResolvers<void>();
  const known = new Set<string>();
  const stop = hall.subscribe((change) => {
    if ((change.kind !== "topic" && change.kind !== "topics") || change.groupId !== groupId) return;
    if (change.kind === "topic") changed.add(change.topicId);
    came.resolve();
  });
  return {
    stop,
    next: async () => {
      await came.promise;
      came = Promise.withResolvers();
      const topicIds = changed;
      changed = new Set();
      for (const { topicId } of await hall.topics.list(groupId)) {
        if (!known.has(topicId)) topicIds.add(topicId);
        known.add(topicId);
      }
      return [...topicIds];
    },
  };
}

async function textOf({ options, readInput }: CommandParts): Promise<string> {
  return options.text ?? (await readInput()).replace(/\r?\n$/, "");
}

async function allPosts(hall: Unionhall, groupId: string, topicId: string): Promise<readonly Post[]> {
  const posts: Post[] = [];
  for (;;) {
    const page = await hall.topics.posts(groupId, topicId, { from: posts.length, limit: pageLength });
    posts.push(...page.posts);
    if (page.posts.length === 0 || posts.length >= page.total) return posts;
  }
}

function isOpened({ state }: Post): boolean {
  return state.kind === "sent" || state.kind === "late";
}

function postDocument({
  recordId,
  author,
  union,
  text,
  time,
  state,
  seq,
  mine,
}: Post): Readonly<Record<string, unknown>> {
  const reason = "reason" in state ? { reason: state.reason } : "problem" in state ? { reason: state.problem } : {};
  return {
    recordId,
    author: author.name,
    accountId: author.accountId,
    union,
    text,
    time,
    status: state.kind,
    ...reason,
    seq: seq ?? null,
    mine,
  };
}

function postLines({ author, union, text, time, state }: Post): readonly string[] {
  const who = union === null ? author.name : `${author.name}, ${union}`;
  const mark = state.kind === "sent" ? "" : `  [${state.kind}${state.kind === "refused" ? `: ${state.reason}` : ""}]`;
  return [terminalText(`${timeText(time)}  ${who}${mark}`), terminalText(text), ""];
}

function titleText(title: string | null): string {
  return title ?? "(its title cannot be read here)";
}

function postLine(title: string | null, { author, text, time }: Post): string {
  return terminalText(`${timeText(time)}  ${titleText(title)}  ${author.name}: ${text}`);
}
