import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import { closeCodes } from "../contract/live.ts";
import { encodeClientFrame } from "../groups/testing/live-client.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { masked, RawLive } from "../groups/testing/raw-live.ts";
import { bytes, record } from "../groups/testing/test-group.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test("a record is acknowledged with its seq, and every subscriber gets it, its author too", async () => {
  const { group } = await world.found();
  const [ana, ben] = [await world.subscriber(group, 0, 1), await world.subscriber(group, 0, 1)];
  const sent = record(0, { topic: bytes(16) });
  const { seqs } = await ana.expect("appended", { kind: "append", group: group.id, records: [sent] });
  expect(seqs).toEqual([2]);
  for (const reader of [ana, ben]) {
    const { items } = await reader.next("items");
    expect(items).toEqual([{ kind: "record", seq: 2, day: expect.any(Number), ...sent }]);
  }
});

test("what was missed is sent before what is new, without a gap or a repetition", async () => {
  const { group } = await world.found();
  const author = await world.subscriber(group, 0, 1);
  for (let turn = 0; turn < 5; turn += 1)
    await author.expect("appended", { kind: "append", group: group.id, records: [record(0), record(0)] });
  const writing = Array.from({ length: 20 }, async () =>
    author.expect("appended", { kind: "append", group: group.id, records: [record(0)] }),
  );
  const late = await world.subscriber(group, 0, 4);
  await Promise.all(writing);
  await late.until(() => late.seqs().at(-1) === 31);
  expect(late.seqs()).toEqual(Array.from({ length: 27 }, (_, index) => 5 + index));
});

test("a reader who misses more than 200 items is told to read pages, and gets what comes after", async () => {
  const { group } = await world.found();
  const author = await world.subscriber(group, 0, 1);
  for (let turn = 0; turn < 4; turn += 1)
    await author.expect("appended", {
      kind: "append",
      group: group.id,
      records: Array.from({ length: 50 }, () => record(0)),
    });
  const token = await world.token(group, 0);
  const near = await world.connect();
  const far = await world.connect();
  const answer = await near.expect("subscribed", { kind: "subscribe", group: group.id, token, after: 1 });
  expect(answer).toMatchObject({ newestSeq: 201, byPages: false });
  const other = await far.expect("subscribed", { kind: "subscribe", group: group.id, token, after: 0 });
  expect(other).toMatchObject({ newestSeq: 201, byPages: true });
  await author.expect("appended", { kind: "append", group: group.id, records: [record(0)] });
  await far.next("items");
  expect(far.seqs()).toEqual([202]);
});

test("who has not subscribed cannot append", async () => {
  const { group } = await world.found();
  const stranger = await world.connect();
  expect(await stranger.refusal({ kind: "append", group: group.id, records: [record(0)] })).toBe("not-subscribed");
});

test("a token of another group, or of nobody, does not subscribe", async () => {
  const { group } = await world.found();
  const { group: other } = await world.found();
  const client = await world.connect();
  const token = await world.token(other, 0);
  const kind = "subscribe";
  expect(await client.refusal({ kind, group: group.id, token, after: 0 })).toBe("token-ended");
  expect(await client.refusal({ kind, group: group.id, token: bytes(32), after: 0 })).toBe("token-ended");
});

test("a token is good for ten minutes and no longer", async () => {
  const { group } = await world.found();
  const client = await world.connect();
  const token = await world.token(group, 0);
  world.hall.advance(groupLimits.tokenSeconds * 1000 - 1000);
  const ask = { kind: "subscribe", group: group.id, token, after: 0 } as const;
  expect((await client.ask(ask)).kind).toBe("subscribed");
  world.hall.advance(1000);
  expect(await client.refusal(ask)).toBe("token-ended");
});

test("after unsubscribing nothing more comes, and nothing can be appended", async () => {
  const { group } = await world.found();
  const [ana, ben] = [await world.subscriber(group, 0, 1), await world.subscriber(group, 0, 1)];
  await ana.expect("done", { kind: "unsubscribe", group: group.id });
  await ben.expect("appended", { kind: "append", group: group.id, records: [record(0)] });
  await ben.next("items");
  expect(await ana.refusal({ kind: "append", group: group.id, records: [record(0)] })).toBe("not-subscribed");
  expect(ana.pushed).toEqual([]);
});

test("one connection serves several groups and keeps them apart", async () => {
  const { group: first } = await world.found();
  const { group: second } = await world.found();
  const client = await world.subscriber(first, 0, 1);
  const token = await world.token(second, 0);
  await client.expect("subscribed", { kind: "subscribe", group: second.id, token, after: 1 });
  await client.expect("appended", { kind: "append", group: second.id, records: [record(0)] });
  const { group } = await client.next("items");
  expect(group).toEqual(second.id);
});

test("a page of another origin cannot connect, the hall's own and a program can", async () => {
  await expect(world.connect({ origin: "https://elsewhere.example" })).rejects.toThrow("refused");
  await expect(world.connect({ origin: "null" })).rejects.toThrow("refused");
  for (const headers of [{ origin: world.origin }, {}]) {
    const client = await world.connect(headers);
    client.close();
    expect(await client.closed).toBe(1005);
  }
});

test("a session is refused on the live connection", async () => {
  await expect(world.connect({ authorization: `Bearer ${"A".repeat(43)}` })).rejects.toThrow("refused");
});

test.each([
  ["text", "subscribe"],
  ["bytes that are no CBOR", Uint8Array.of(0xff, 0xff)],
  ["CBOR that is no frame", Uint8Array.of(0x81, 0x01)],
  ["deeply nested CBOR", new Uint8Array(200).fill(0x81)],
])("%s ends the connection with its code", async (_, data) => {
  const client = await world.connect();
  client.sendRaw(data);
  expect(await client.closed).toBe(closeCodes.frameRefused);
});

test("a stranger's frame of more than 4 KiB ends the connection", async () => {
  const client = await world.connect();
  const { group } = await world.found();
  const of = (length: number) =>
    ({ kind: "append", group: group.id, records: [record(0, { sealed: bytes(length) })] }) as const;
  expect(await client.refusal(of(groupLimits.strangerFrameBytes - 200))).toBe("not-subscribed");
  void client.ask(of(groupLimits.strangerFrameBytes));
  expect(await client.closed).toBe(closeCodes.frameRefused);
});

test("a stranger's long frame ends the connection before it is whole, and nothing more of it is read", async () => {
  await using own = await GroupWorld.create();
  const wires: Socket[] = [];
  own.hall.app.server.on("upgrade", ({ socket }) => wires.push(socket));
  const strangers = await Promise.all(Array.from({ length: 20 }, async () => RawLive.connect(own.port)));
  const unfinished = masked(bytes(groupLimits.frameBytes - 1_000), groupLimits.frameBytes);
  for (const { socket } of strangers) socket.write(unfinished);
  const codes = await Promise.all(strangers.map(async ({ closeCode }) => closeCode));
  expect(new Set(codes)).toEqual(new Set([closeCodes.frameRefused]));
  expect(wires.length).toBe(strangers.length);
  for (const { bytesRead } of wires) expect(bytesRead).toBeLessThan(512 * 1024);
  own.timers.advance(5_000);
  expect(wires.map(({ destroyed }) => destroyed)).toEqual(wires.map(() => true));
  for (const { bytesRead } of wires) expect(bytesRead).toBeLessThan(512 * 1024);
});

test("a stranger may send many short frames", async () => {
  const stranger = await world.connect();
  const asked = Array.from({ length: 3_000 }, async () => stranger.ask({ kind: "unwatch", mailbox: bytes(16) }));
  expect(new Set((await Promise.all(asked)).map(({ kind }) => kind))).toEqual(new Set(["done"]));
});

test.each([
  ["that the hall asked for end nothing, however many", true],
  ["that nobody asked for are counted as part of an unfinished frame", false],
])("pongs %s", async (_, isAsked) => {
  await using own = await GroupWorld.create();
  const wires: Socket[] = [];
  own.hall.app.server.on("upgrade", ({ socket }) => wires.push(socket));
  using waiting = await RawLive.connect(own.port);
  const { group } = await own.found();
  const frame = { kind: "await", request: 1, group: group.id, label: bytes(16) } as const;
  const answered = new Promise((resolve) => waiting.socket.once("data", resolve));
  waiting.socket.write(masked(encodeClientFrame(frame)));
  await answered;
  const end: { code: number | null } = { code: null };
  void waiting.closeCode.then((code) => (end.code = code));
  const pong = Buffer.concat([Buffer.from([0x8a, 0x80 | 125]), bytes(4 + 125)]);
  const [wire] = wires;
  if (wire === undefined) throw new TypeError("the connection came");
  for (let turn = 0; turn < 800 && end.code === null; turn += 1) {
    if (isAsked) own.timers.advance(30_000);
    const before = wire.bytesRead;
    waiting.socket.write(pong);
    while (wire.bytesRead === before && end.code === null) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(end.code).toBe(isAsked ? null : closeCodes.frameRefused);
  own.timers.advance(5_000);
});

test("a subscriber may send a frame of almost 9 MiB, and no more than that", async () => {
  const { group } = await world.found();
  const client = await world.subscriber(group, 0, 1);
  const records = [record(0, { sealed: bytes(4 * 1024 * 1024) }), record(0, { sealed: bytes(4 * 1024 * 1024) })];
  expect(await client.refusal({ kind: "append", group: group.id, records })).toBe("body-too-large");
});

test("a frame of more than 9 MiB ends the connection, also a subscriber's", async () => {
  const { group } = await world.found();
  const client = await world.subscriber(group, 0, 1);
  client.sendRaw(new Uint8Array(groupLimits.frameBytes + 1));
  expect(await client.closed).toBe(closeCodes.frameTooLarge);
});

test("a connection that answers no ping is ended with its code, though it waits for something; one that answers is not", async () => {
  const { group } = await world.found();
  const frame = { kind: "await", group: group.id, label: bytes(16) } as const;
  using mute = await RawLive.connect(world.port);
  const answered = new Promise((resolve) => mute.socket.once("data", resolve));
  mute.socket.write(masked(encodeClientFrame({ ...frame, request: 1 })));
  await answered;
  const lively = await world.connect();
  await lively.expect("done", frame);
  for (let turn = 0; turn < 2; turn += 1) {
    world.timers.advance(30_000);
    await lively.expect("done", { kind: "unwatch", mailbox: bytes(16) });
  }
  expect(await mute.closeCode).toBe(closeCodes.idle);
  world.timers.advance(30_000);
  await lively.expect("done", { kind: "unwatch", mailbox: bytes(16) });
  lively.close();
  expect(await lively.closed).toBe(1005);
});

test("a connection that wants nothing is ended, one that has subscribed is not", async () => {
  const { group } = await world.found();
  const idle = await world.connect();
  const reader = await world.subscriber(group, 0, 1);
  for (let turn = 0; turn < 3; turn += 1) {
    world.timers.advance(30_000);
    // An answer to a request sent after the ping proves that the pong before it has come.
    for (const client of [idle, reader])
      if (turn < 2) await client.expect("done", { kind: "unwatch", mailbox: bytes(16) });
  }
  expect(await idle.closed).toBe(closeCodes.idle);
  expect((await reader.ask({ kind: "unwatch", mailbox: bytes(16) })).kind).toBe("done");
});

test("a connection that only waits is ended after twelve hours, one that has subscribed is not", async () => {
  const { group } = await world.found();
  const [waiting, reader] = [await world.connect(), await world.subscriber(group, 0, 1)];
  await waiting.expect("done", { kind: "await", group: group.id, label: bytes(16) });
  for (let turn = 0; turn < 1_440; turn += 1) {
    world.timers.advance(30_000);
    for (const client of [waiting, reader]) await client.expect("done", { kind: "unwatch", mailbox: bytes(16) });
  }
  world.timers.advance(30_000);
  expect(await waiting.closed).toBe(closeCodes.idle);
  expect((await reader.ask({ kind: "unwatch", mailbox: bytes(16) })).kind).toBe("done");
});
