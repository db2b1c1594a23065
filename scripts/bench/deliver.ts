import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fromHex, toHex } from "@unionhall/crypto";
import type { WireRecord } from "@unionhall/server/contract";
import { answer, BenchHall, type Usage } from "./bench-hall.ts";
import { BenchMember, keysOf, RecordMaker } from "./bench-member.ts";
import { type Figure, quantile, type Say, type Size } from "./figures.ts";
import { LiveLine } from "./live-line.ts";
import type { OpenGroup } from "../../client/src/core/sync/open-group.ts";

const part = "deliver";
const textBytes = 2048;
const writers = 20;
const steadyPerSecond = 20;

/** What the process of the readers is asked. */
export type ReadersAsked =
  | {
      readonly kind: "open";
      readonly origin: string;
      readonly group: Uint8Array;
      readonly tokens: readonly Uint8Array[];
      readonly after: number;
    }
  /** Answers with {@link Arrivals} once every reader has this item. */
  | { readonly kind: "wait"; readonly seq: number }
  | { readonly kind: "close" };

interface Arrivals {
  readonly arrivals: readonly (readonly [seq: number, times: readonly number[]])[];
  /** Readers whose connection the hall ended. */
  readonly cut: number;
}

/** A post, sealed by a member → durable → received by everybody online, over loopback. */
export async function benchDeliver(size: Size, say: Say): Promise<readonly Figure[]> {
  await using hall = await BenchHall.start();
  const author = new BenchMember(hall.origin);
  await author.register(hall.setupLink, "Bench");
  const groupId = await author.found("Bench");
  const { topicId } = await author.hall.topics.create(groupId, { title: "Bench", text: "opening" });
  await author.until(
    async () => author.group(groupId).held.snapshot.stored.own.acknowledged,
    (acknowledged) => acknowledged !== null,
  );
  await author.hall.settled();
  const group = author.group(groupId);
  const stage: Stage = { hall, group, maker: new RecordMaker(author, group), topic: fromHex(topicId), say };
  const figures: Figure[] = [];
  for (const readers of size === "full" ? [100, 500] : [20]) figures.push(...(await withReaders(stage, readers, size)));
  await author.hall.close();
  return figures;
}

interface Stage {
  readonly hall: BenchHall;
  readonly group: OpenGroup;
  readonly maker: RecordMaker;
  readonly topic: Uint8Array;
  readonly say: Say;
}

async function withReaders(stage: Stage, readers: number, size: Size): Promise<readonly Figure[]> {
  const { hall, group, say } = stage;
  say(`${readers} readers come online …`);
  const tokens = await tokensFor(stage, readers + writers);
  const before = await hall.usage("collect");
  const child = fork(fileURLToPath(new URL("readers-process.ts", import.meta.url)), { serialization: "advanced" });
  try {
    const after = await newestSeq(stage);
    const { origin } = hall;
    await asked(child, { kind: "open", origin, group: group.groupId, tokens: tokens.slice(writers), after });
    const idle = await hall.usage("collect");
    const lines = await Promise.all(
      tokens.slice(0, writers).map(async (own) => await LiveLine.open(hall.origin, group.groupId, own, after)),
    );
    const [fast, steady] = size === "full" ? [readers > 100 ? 1_000 : 3_000, 600] : [100, 40];
    await atFullSpeed(stage, child, lines, Math.ceil(fast / 10));
    const full = await atFullSpeed(stage, child, lines, fast);
    say(`${readers} readers: ${steady} posts at ${steadyPerSecond} a second …`);
    const calm = await atSteadySpeed(stage, child, lines, steady);
    for (const line of lines) line.close();
    await asked(child, { kind: "close" });
    return inFigures(readers, { before, idle, full, calm });
  } finally {
    child.kill();
  }
}

interface Full {
  readonly posts: number;
  readonly seconds: number;
  readonly acknowledgedSeconds: number;
  readonly cpuMicroseconds: number;
  readonly cut: number;
}

/** Each of the writers sends one post after the other's acknowledgement, as an outbox does. */
async function atFullSpeed(
  stage: Stage,
  child: ChildProcess,
  lines: readonly LiveLine[],
  posts: number,
): Promise<Full> {
  const { hall, group } = stage;
  stage.say(`${posts} posts at full speed …`);
  const records = postsOf(stage, posts);
  const queue = records.values();
  let newest = 0;
  const before = await hall.usage();
  const began = now();
  await Promise.all(
    lines.map(async (line) => {
      for (const record of queue) newest = Math.max(newest, await append(line, group, record));
    }),
  );
  const acknowledged = now();
  const { arrivals, cut } = await asked<Arrivals>(child, { kind: "wait", seq: newest });
  const last = Math.max(...arrivals.map(([, times]) => times.at(-1) ?? 0));
  const { cpuMicroseconds } = await hall.usage();
  return {
    posts,
    seconds: (Math.max(last, acknowledged) - began) / 1000,
    acknowledgedSeconds: (acknowledged - began) / 1000,
    cpuMicroseconds: cpuMicroseconds - before.cpuMicroseconds,
    cut,
  };
}

interface Calm {
  /** Milliseconds from sending to each reader. */
  readonly toEach: readonly number[];
  /** Milliseconds from sending to the last reader. */
  readonly toAll: readonly number[];
  readonly posts: number;
  readonly cpuMicroseconds: number;
}

async function atSteadySpeed(
  stage: Stage,
  child: ChildProcess,
  lines: readonly LiveLine[],
  posts: number,
): Promise<Calm> {
  const records = postsOf(stage, posts);
  const sent = new Map<number, number>();
  const before = await stage.hall.usage();
  const began = now();
  const under: Promise<void>[] = [];
  for (const [index, record] of records.entries()) {
    await sleep(Math.max(0, began + (index * 1000) / steadyPerSecond - now()));
    const line = lines[index % lines.length];
    if (line === undefined) throw new Error("nobody writes");
    const at = now();
    under.push(append(line, stage.group, record).then((seq) => void sent.set(seq, at)));
  }
  await Promise.all(under);
  const { arrivals } = await asked<Arrivals>(child, { kind: "wait", seq: Math.max(...sent.keys()) });
  const { cpuMicroseconds } = await stage.hall.usage();
  const delays = arrivals.flatMap(([seq, times]) => {
    const at = sent.get(seq);
    return at === undefined ? [] : [times.map((time) => time - at)];
  });
  return {
    toEach: delays.flat(),
    toAll: delays.map((times) => Math.max(...times)),
    posts,
    cpuMicroseconds: cpuMicroseconds - before.cpuMicroseconds,
  };
}

function postsOf({ maker, topic }: Stage, count: number): readonly WireRecord[] {
  return Array.from({ length: count }, () => maker.post(topic, "x".repeat(textBytes)));
}

async function append(line: LiveLine, group: OpenGroup, record: WireRecord): Promise<number> {
  const appended = await line.ask({ kind: "append", group: group.groupId, records: [record] });
  return appended.kind === "appended" ? (appended.seqs[0] ?? 0) : 0;
}

async function asked<T>(child: ChildProcess, question: ReadersAsked): Promise<T> {
  const said = answer<T>(child);
  child.send(question);
  return await said;
}

async function tokensFor(stage: Stage, count: number): Promise<readonly Uint8Array[]> {
  const tokens: Uint8Array[] = [];
  while (tokens.length < count)
    tokens.push(
      ...(await Promise.all(Array.from({ length: Math.min(20, count - tokens.length) }, () => token(stage)))),
    );
  return tokens;
}

async function token({ group }: Stage): Promise<Uint8Array> {
  const given = await group.server.token(keysOf(group), Date.now());
  if (given === null) throw new Error("the hall gives no token");
  return given.token;
}

async function newestSeq(stage: Stage): Promise<number> {
  const shown = await stage.group.server.group(await token(stage));
  if (shown === null) throw new Error(`the hall does not show the group ${toHex(stage.group.groupId).slice(0, 8)}`);
  return shown.newestSeq;
}

/** Milliseconds of the machine's monotonic clock, the same in every process. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function inFigures(
  readers: number,
  {
    before,
    idle,
    full,
    calm,
  }: { readonly before: Usage; readonly idle: Usage; readonly full: Full; readonly calm: Calm },
): readonly Figure[] {
  const online = readers + writers;
  const figure = (what: string, value: number, unit: string, budget?: string): Figure => ({
    part,
    what: `${readers} online: ${what}`,
    value,
    unit,
    ...(budget === undefined ? {} : { budget }),
  });
  const many = readers >= 500;
  return [
    figure(
      "posts durable and at everybody",
      full.posts / full.seconds,
      "per second",
      many ? undefined : "at least 500",
    ),
    figure("posts durable and acknowledged", full.posts / full.acknowledgedSeconds, "per second"),
    figure("connections that the hall cut as too slow", full.cut, "of them"),
    figure(
      "hall's processor time per delivery, full speed",
      full.cpuMicroseconds / (full.posts * online),
      "µs",
      "11 µs",
    ),
    figure(
      "hall's processor time per delivery, 20 posts/s",
      calm.cpuMicroseconds / (calm.posts * online),
      "µs",
      "11 µs",
    ),
    figure("to a reader at 20 posts/s, p50", quantile(calm.toEach, 0.5), "ms", many ? "25 ms" : undefined),
    figure("to a reader at 20 posts/s, p99", quantile(calm.toEach, 0.99), "ms", many ? "150 ms" : undefined),
    figure("to the last reader at 20 posts/s, p50", quantile(calm.toAll, 0.5), "ms"),
    figure("to the last reader at 20 posts/s, p99", quantile(calm.toAll, 0.99), "ms"),
    figure("hall's heap per idle connection", (idle.heapBytes - before.heapBytes) / readers / 1024, "KB", "16 KB"),
    figure("hall's resident memory per idle connection", (idle.rssBytes - before.rssBytes) / readers / 1024, "KB"),
  ];
}
