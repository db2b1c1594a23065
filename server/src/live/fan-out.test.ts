import { anyData, decodeWithin } from "@unionhall/crypto/verify";
import { expect, test } from "vitest";
import { ServerFrame } from "../contract/live.ts";
import type { LogItem } from "../contract/log.ts";
import { fromWire } from "../contract/wire.ts";
import { ManualTimers } from "../groups/testing/manual-timers.ts";
import { createInProcessBus, type GroupNews } from "./bus.ts";
import { FanOut, type Missing, type Reader } from "./fan-out.ts";

const groupId = new Uint8Array(32).fill(7);

/** Reads frames off whole websocket messages, all shorter than 64 KiB. */
class CollectingReader implements Reader {
  readonly frames: ServerFrame[] = [];
  readonly messages: Buffer[] = [];
  isCut = false;

  send(message: Buffer): void {
    this.messages.push(message);
    const start = (message[1] ?? 0) < 126 ? 2 : 4;
    this.frames.push(fromWire(ServerFrame, decodeWithin(anyData(), message.subarray(start), 1 << 20)));
  }

  cutSlow(): void {
    this.isCut = true;
  }

  seqs(): readonly number[] {
    return this.frames.flatMap((frame) => (frame.kind === "items" ? frame.items.map(({ seq }) => seq) : []));
  }
}

const onFailure = (error: unknown): never => {
  throw error;
};

/** A log of commands in memory, and a fan-out over it that reads it when the test lets it. */
function createLog() {
  const bus = createInProcessBus();
  const log: LogItem[] = [];
  let era = 0;
  const reads: (() => void)[] = [];
  const readMissing = async (_: Uint8Array, after: number): Promise<Missing> => {
    const items = log.filter(({ seq }) => seq > after);
    const found = { era, newestSeq: log.length, items: items.length > 200 ? null : items };
    return new Promise((resolve) => {
      reads.push(() => {
        resolve(found);
      });
    });
  };
  const fanOut = new FanOut({ bus, timers: new ManualTimers(), readMissing, onFailure });
  const write = (count: number): GroupNews => {
    const items = Array.from({ length: count }, (_, index): LogItem => {
      return { kind: "command", seq: log.length + index + 1, day: 1, command: Uint8Array.of(1) };
    });
    log.push(...items);
    return { groupId, items, era: null, boxes: [], deleted: false };
  };
  const letRead = async (): Promise<void> => {
    for (const read of reads.splice(0)) read();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  };
  return { bus, fanOut, write, letRead, setEra: (next: number) => (era = next) };
}

const nothing = (): void => undefined;

test("news that come while a reader is caught up follow what it missed, each once", async () => {
  const { bus, fanOut, write, letRead } = createLog();
  const reader = new CollectingReader();
  write(3);
  const subscribed = fanOut.subscribe(reader, groupId, { era: 0, after: 1 }, nothing);
  bus.publish(write(2));
  await letRead();
  bus.publish(write(1));
  await subscribed;
  expect(reader.seqs()).toEqual([2, 3, 4, 5, 6]);
});

test("news are encoded once: all readers are handed the same bytes", async () => {
  const { bus, fanOut, write, letRead, setEra } = createLog();
  const readers = Array.from({ length: 3 }, () => new CollectingReader());
  const subscribed = readers.map(async (reader) => fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, nothing));
  await letRead();
  await Promise.all(subscribed);
  bus.publish(write(2));
  setEra(1);
  bus.publish({ ...write(1), era: { era: 1, labelKey: new Uint8Array(32) } });
  const [first, ...others] = readers.map(({ messages }) => messages);
  expect(first?.length).toBe(3);
  for (const messages of others)
    for (const [index, message] of messages.entries()) expect(message).toBe(first?.[index]);
});

test("news that were committed before the log was read, and arrive after, are not sent twice", async () => {
  const { bus, fanOut, write, letRead } = createLog();
  const reader = new CollectingReader();
  const early = write(3);
  const subscribed = fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, nothing);
  bus.publish(early);
  await letRead();
  await subscribed;
  expect(reader.seqs()).toEqual([1, 2, 3]);
});

test("news that were lost are noticed by the next seq, and read", async () => {
  const { bus, fanOut, write, letRead } = createLog();
  const reader = new CollectingReader();
  const subscribed = fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, nothing);
  await letRead();
  await subscribed;
  bus.publish(write(1));
  write(2);
  bus.publish(write(1));
  expect(reader.seqs()).toEqual([1]);
  await letRead();
  bus.publish(write(1));
  expect(reader.seqs()).toEqual([1, 2, 3, 4, 5]);
});

test("a reader for whom more than 256 news wait, or that lost more than 200 items, is cut", async () => {
  const { bus, fanOut, write, letRead } = createLog();
  const [slow, behind] = [new CollectingReader(), new CollectingReader()];
  const both = [slow, behind].map(async (reader) => fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, nothing));
  for (let count = 0; count < 256; count += 1) bus.publish(write(1));
  expect(slow.isCut).toBe(false);
  bus.publish(write(1));
  expect(slow.isCut).toBe(true);
  await letRead();
  await Promise.all(both);
  const live = new CollectingReader();
  const subscribed = fanOut.subscribe(live, groupId, { era: 0, after: 257 }, nothing);
  await letRead();
  await subscribed;
  write(201);
  bus.publish(write(1));
  await letRead();
  expect(live.isCut).toBe(true);
});

test("a subscription whose era ended before it was entered is refused and gets nothing", async () => {
  const { bus, fanOut, write, letRead, setEra } = createLog();
  const reader = new CollectingReader();
  setEra(1);
  const subscribed = fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, nothing).catch((error: unknown) => error);
  await letRead();
  expect(await subscribed).toMatchObject({ refusal: { code: "era-ended", newest: 1 } });
  bus.publish(write(1));
  expect(reader.frames).toEqual([]);
});

test("renewals that overtake each other are answered each, and what was missed comes once", async () => {
  const { bus, fanOut, write, letRead } = createLog();
  const reader = new CollectingReader();
  write(2);
  const subscribed = fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, nothing);
  await letRead();
  const subscription = await subscribed;
  write(3);
  const answers: Missing[] = [];
  const renewals = [0, 1, 2].map(async () =>
    fanOut.renew(subscription, 0, (missing) => {
      answers.push(missing);
    }),
  );
  bus.publish(write(1));
  await letRead();
  await Promise.all(renewals);
  expect(answers.map(({ newestSeq }) => newestSeq)).toEqual([5, 5, 5]);
  expect(reader.seqs()).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a renewal whose subscription ends meanwhile, and one of an era that a later one left behind, are refused", async () => {
  const { fanOut, letRead, setEra } = createLog();
  const subscribed = fanOut.subscribe(new CollectingReader(), groupId, { era: 0, after: 0 }, nothing);
  await letRead();
  const subscription = await subscribed;
  setEra(1);
  const old = fanOut.renew(subscription, 0, nothing).catch(String);
  const newer = fanOut.renew(subscription, 1, nothing);
  await letRead();
  expect(await old).toContain("era-ended");
  await newer;
  const late = fanOut.renew(subscription, 1, nothing).catch(String);
  fanOut.end(subscription);
  await letRead();
  expect(await late).toContain("not-subscribed");
});
