import { fromHex, toBase64Url } from "@unionhall/crypto";
import { groupLimits, ReadTopicLog, ReadTopics, type WireRecord } from "@unionhall/server/contract";
import { BenchHall } from "./bench-hall.ts";
import { BenchMember, keysOf, RecordMaker } from "./bench-member.ts";
import { type Figure, median, milliseconds, type Part, type Say } from "./figures.ts";
import { LiveLine } from "./live-line.ts";
import type { OpenGroup } from "../../client/src/core/sync/open-group.ts";

const part = "page";
const postsPerTopic = 50;
const pageLimit = 50;
const text = "Eight hours, the same pay, and the rota two weeks ahead. ".repeat(8);
/** After this long a new device is not waited for any longer. */
const patienceMilliseconds = 240_000;

/**
 * The first page of a topic in a group of so many records: what the hall needs for it, and what a new device needs until it is readable.
 */
export function benchPage(records: number): Part {
  return async (size, say) => await withRecords(size === "full" ? records : records / 5, say);
}

async function withRecords(records: number, say: Say): Promise<readonly Figure[]> {
  await using hall = await BenchHall.start();
  const founder = new BenchMember(hall.origin);
  const words = await founder.register(hall.setupLink, "Bench");
  const groupId = await founder.found("Bench");
  await founder.hall.settled();
  const group = founder.group(groupId);
  say(`a group of ${records.toLocaleString("en")} records is written …`);
  const filled = await fill(hall, founder, group, records);
  const shown = records.toLocaleString("en");
  const server = await serverPages(founder, group, filled.newestTopic);
  await founder.hall.close();
  say(`${shown} records: a new device reads …`);
  const device = await newDevice(hall, words, groupId, filled.newestTopic);
  return [
    { part, what: `${shown} records: written and durable`, value: filled.perSecond, unit: "per second" },
    {
      part,
      what: `${shown} records: hall gives the newest 50 of a topic`,
      value: server.topicMilliseconds,
      unit: "ms",
    },
    { part, what: `${shown} records: bytes of that page`, value: server.topicBytes / 1024, unit: "KB" },
    { part, what: `${shown} records: hall gives the 20 latest topics`, value: server.listMilliseconds, unit: "ms" },
    ...device.map(({ what, value, unit }) => ({ part, what: `${shown} records: ${what}`, value, unit })),
  ];
}

/** Real records of the founder's device, in topics of 50, appended 64 at a time. */
async function fill(
  hall: BenchHall,
  founder: BenchMember,
  group: OpenGroup,
  records: number,
): Promise<{ readonly newestTopic: Uint8Array; readonly perSecond: number }> {
  const given = await group.server.token(keysOf(group), Date.now());
  const shown = given === null ? null : await group.server.group(given.token);
  if (given === null || shown === null) throw new Error("the hall gives no token");
  const line = await LiveLine.open(hall.origin, group.groupId, given.token, shown.newestSeq);
  const maker = new RecordMaker(founder, group);
  let newestTopic = fromHex("");
  let sending = 0;
  for (let made = 0; made < records;) {
    const batch: WireRecord[] = [];
    while (batch.length < groupLimits.recordsPerAppend && made < records) {
      const isFirst = made % postsPerTopic === 0;
      const record = isFirst ? maker.topic(`Topic ${made / postsPerTopic}`, text) : maker.post(newestTopic, text);
      if (isFirst) newestTopic = record.recordId;
      batch.push(record);
      made += 1;
    }
    sending += await milliseconds(async () => await line.ask({ kind: "append", group: group.groupId, records: batch }));
  }
  line.close();
  return { newestTopic, perSecond: (records * 1000) / sending };
}

async function serverPages(
  { parts }: BenchMember,
  group: OpenGroup,
  newestTopic: Uint8Array,
): Promise<{ readonly topicMilliseconds: number; readonly topicBytes: number; readonly listMilliseconds: number }> {
  const given = await group.server.token(keysOf(group), Date.now());
  if (given === null) throw new Error("the hall gives no token");
  const { token } = given;
  const groupId = toBase64Url(group.groupId);
  const ofTopic = { params: { groupId, topic: toBase64Url(newestTopic) }, query: { limit: pageLimit }, token };
  const ofList = { params: { groupId }, query: { limit: 20, newest: 1 }, token };
  let topicBytes = 0;
  const topicTimes: number[] = [];
  const listTimes: number[] = [];
  for (let run = 0; run < 31; run += 1) {
    topicTimes.push(
      await milliseconds(async () => {
        const reply = await parts.api.call(ReadTopicLog, ofTopic);
        topicBytes = reply.body.length;
      }),
    );
    listTimes.push(await milliseconds(async () => await parts.api.call(ReadTopics, ofList)));
  }
  return { topicMilliseconds: median(topicTimes), topicBytes, listMilliseconds: median(listTimes) };
}

type DeviceFigure = Pick<Figure, "what" | "value" | "unit">;

/** An account comes back on an empty device; how long until some topic, and until the newest topic, can be read. */
async function newDevice(
  hall: BenchHall,
  words: string,
  groupId: string,
  newestTopic: Uint8Array,
): Promise<readonly DeviceFigure[]> {
  const device = new BenchMember(hall.origin);
  const newest = Buffer.from(newestTopic).toString("hex");
  const began = performance.now();
  await device.hall.session.recover({ words, lock: { kind: "none" } });
  const recovered = performance.now();
  const readable = async (wanted: string | null): Promise<boolean> => {
    const groups = await device.hall.groups.list();
    if (!groups.some((group) => group.groupId === groupId)) return false;
    const topics = await device.hall.topics.list(groupId);
    const found = wanted === null ? topics[0] : topics.find(({ topicId }) => topicId === wanted);
    if (found === undefined) return false;
    return (await device.hall.topics.posts(groupId, found.topicId, { from: 0, limit: pageLimit })).posts.length > 0;
  };
  const first = await within(device.until(async () => await readable(null), Boolean));
  const firstAt = performance.now();
  const all = first && (await within(device.until(async () => await readable(newest), Boolean)));
  const allAt = performance.now();
  await Promise.race([device.hall.close(), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  return [
    { what: "new device: account back from its words", value: recovered - began, unit: "ms" },
    first
      ? { what: "new device: first topic readable after that", value: firstAt - recovered, unit: "ms" }
      : { what: "new device: no topic readable within", value: patienceMilliseconds, unit: "ms" },
    all
      ? { what: "new device: newest topic readable after that", value: allAt - recovered, unit: "ms" }
      : { what: "new device: newest topic not readable within", value: patienceMilliseconds, unit: "ms" },
  ];
}

async function within(done: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), patienceMilliseconds);
  try {
    return await Promise.race([done.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
