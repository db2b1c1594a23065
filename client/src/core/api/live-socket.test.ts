import { ClientFrame, groupLimits, ServerFrame } from "@unionhall/server/contract";
import { expect, test, vi } from "vitest";
import { MemorySockets, type ServerEnd } from "../../platform/memory/memory-sockets.ts";
import type { Sockets } from "../platform.ts";
import { HallError } from "../problems.ts";
import { StopSource } from "../stop.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import type { ValueOf } from "./api.ts";
import { LiveSocket, mostWaitingNews } from "./live-socket.ts";
import type { Subscription } from "./live.ts";
import { decodeWire, encodeWire } from "./wire-bytes.ts";

const group = new Uint8Array(32).fill(1);
const mailbox = new Uint8Array(16).fill(2);
const label = new Uint8Array(16).fill(3);
const token = (fill: number): Uint8Array => new Uint8Array(groupLimits.tokenBytes).fill(fill);

type Sent = ValueOf<typeof ClientFrame>;
type Told = ValueOf<typeof ServerFrame>;

/** Sockets of a platform that says nothing of closing, as Node's where the other side does not answer. */
function deaf(sockets: Sockets): Sockets {
  return {
    open: (url, events) => {
      const socket = sockets.open(url, { ...events, closed: () => {} });
      return { bufferedBytes: 0, send: (bytes) => socket.send(bytes), close: () => {} };
    },
  };
}

/** A live connection with everything around it in the test's hands. */
function live(over: (sockets: Sockets) => Sockets = (sockets) => sockets): {
  readonly live: LiveSocket;
  readonly sockets: MemorySockets;
  readonly clock: ManualClock;
  readonly stop: StopSource;
  readonly server: (number?: number) => Promise<Server>;
} {
  const sockets = new MemorySockets();
  const clock = new ManualClock();
  const stop = new StopSource();
  const made = new LiveSocket({
    origin: "https://hall.example",
    sockets: over(sockets),
    clock,
    random: seededRandom(5),
    stop: stop.signal,
  });
  const server = async (number = 0): Promise<Server> => {
    await expect.poll(() => sockets.ends.length).toBe(number + 1);
    const end = sockets.ends[number];
    if (end === undefined) throw new Error("no socket was opened");
    end.accept();
    return new Server(end);
  };
  return { live: made, sockets, clock, stop, server };
}

/** The server's end of one connection, in frames. */
class Server {
  readonly end: ServerEnd;

  constructor(end: ServerEnd) {
    this.end = end;
  }

  /** The next frame of the client. */
  async next(): Promise<Sent> {
    await vi.waitUntil(() => this.end.received.length > 0, { timeout: 45_000 });
    return decodeWire(ClientFrame, this.end.received.shift() ?? new Uint8Array());
  }

  tell(frame: Told): void {
    this.end.send(encodeWire(ServerFrame, frame));
  }

  async subscribed(era = 0): Promise<Sent> {
    const frame = await this.next();
    this.tell({ kind: "subscribed", request: frame.request, group, era, newestSeq: 0, byPages: false });
    return frame;
  }

  refuse(request: number, code: Extract<Told, { kind: "refused" }>["code"]): void {
    this.tell({ kind: "refused", request, code, seqs: [], hash: null, newest: null, retryAfterSeconds: null });
  }
}

interface Recorded extends Subscription {
  readonly seen: string[];
  position: number;
}

function recording(changes: Partial<Subscription> = {}): Recorded {
  const seen: string[] = [];
  return {
    seen,
    position: 0,
    token: async () => token(1),
    after() {
      return this.position;
    },
    subscribed: () => void seen.push("subscribed"),
    items: async (items) => void seen.push(`items ${items.length}`),
    era: async (started) => {
      seen.push(`era ${started.era}`);
      return token(2);
    },
    ended: (reason) => void seen.push(`ended ${reason}`),
    ...changes,
  };
}

test("the connection opens when something is wanted, and what is subscribed hears its items in order", async () => {
  const { live: socket, sockets, server } = live();
  expect([socket.state(), sockets.ends.length]).toEqual(["online", 0]);
  const subscription = recording();
  socket.subscribe(group, subscription);
  expect(socket.state()).toBe("connecting");
  const hall = await server();
  expect(hall.end.url).toBe("wss://hall.example/api/live");
  expect(await hall.subscribed()).toMatchObject({ kind: "subscribe", group, token: token(1), after: 0 });
  hall.tell({ kind: "items", group, items: [] });
  await expect.poll(() => subscription.seen).toEqual(["subscribed", "items 0"]);
  expect(socket.state()).toBe("online");
});

test("items wait until those before them are taken in", async () => {
  const { live: socket, server } = live();
  const first = Promise.withResolvers<void>();
  const seen: string[] = [];
  let batch = 0;
  const slow = recording({
    items: async () => {
      const number = batch++;
      seen.push(`begin ${number}`);
      if (number === 0) await first.promise;
      seen.push(`end ${number}`);
    },
  });
  socket.subscribe(group, slow);
  const hall = await server();
  await hall.subscribed();
  hall.tell({ kind: "items", group, items: [] });
  hall.tell({ kind: "items", group, items: [] });
  await expect.poll(() => seen).toEqual(["begin 0"]);
  first.resolve();
  await expect.poll(() => seen).toEqual(["begin 0", "end 0", "begin 1", "end 1"]);
});

test("after a loss it comes back by itself after a pause, and goes on from what is stored by then", async () => {
  const { live: socket, sockets, clock, server } = live();
  const subscription = recording();
  socket.subscribe(group, subscription);
  const hall = await server();
  await hall.subscribed();
  subscription.position = 41;
  hall.end.close(1006);
  await expect.poll(() => socket.state()).toBe("offline");
  clock.advance(200);
  expect(sockets.ends).toHaveLength(1);
  clock.advance(2_000);
  const again = await server(1);
  expect(await again.subscribed()).toMatchObject({ kind: "subscribe", after: 41 });
});

test("pauses grow while the hall is away, and end at once when the network is said to be back", async () => {
  const { live: socket, sockets, clock } = live();
  socket.subscribe(group, recording());
  for (let attempt = 0; attempt < 8; attempt++) {
    await expect.poll(() => sockets.ends.length).toBe(attempt + 1);
    sockets.ends[attempt]?.close(1006);
    await expect.poll(() => socket.state()).toBe("offline");
    clock.advance(60_000);
  }
  await expect.poll(() => sockets.ends.length).toBe(9);
  sockets.ends[8]?.close(1006);
  await expect.poll(() => socket.state()).toBe("offline");
  clock.advance(20_000);
  await Promise.resolve();
  expect(sockets.ends).toHaveLength(9);
  socket.retryNow();
  await expect.poll(() => sockets.ends.length).toBe(10);
});

test("a request is answered by the answer with its number, or with offline when the connection goes", async () => {
  const { live: socket, server } = live();
  await expect(socket.append(group, [])).rejects.toMatchObject({ problem: "offline" });
  socket.subscribe(group, recording());
  const hall = await server();
  await hall.subscribed();
  const one = socket.append(group, []);
  const two = socket.append(group, []);
  const [first, second] = [await hall.next(), await hall.next()];
  hall.refuse(second.request, "era-ended");
  hall.tell({ kind: "appended", request: first.request, seqs: [7], day: 1 });
  expect(await one).toMatchObject({ kind: "appended", seqs: [7] });
  expect(await two).toMatchObject({ kind: "refused", code: "era-ended" });
  const lost = socket.append(group, []);
  hall.end.close(1006);
  await expect(lost).rejects.toMatchObject({ problem: "offline" });
});

test("a new era asks for its token and renews; without one the subscription ends", async () => {
  const { live: socket, server } = live();
  const subscription = recording();
  socket.subscribe(group, subscription);
  const hall = await server();
  await hall.subscribed();
  hall.tell({ kind: "era", group, era: 4, labelKey: new Uint8Array(32) });
  expect(await hall.next()).toMatchObject({ kind: "renew", group, token: token(2) });
  subscription.era = async () => null;
  hall.tell({ kind: "era", group, era: 5, labelKey: new Uint8Array(32) });
  await expect.poll(() => subscription.seen.at(-1)).toBe("ended era-ended");
});

test("a token that has run out is made anew once; a second refusal ends the subscription", async () => {
  const { live: socket, server } = live();
  let made = 0;
  const subscription = recording({ token: async () => token(++made) });
  socket.subscribe(group, subscription);
  const hall = await server();
  hall.refuse((await hall.next()).request, "token-ended");
  const again = await hall.next();
  expect(again).toMatchObject({ kind: "subscribe", token: token(2) });
  hall.refuse(again.request, "token-ended");
  await expect.poll(() => subscription.seen).toEqual(["ended token-ended"]);
});

test("a group or desk for which the hall gives no token ends alone; the others go on on the same connection", async () => {
  const { live: socket, server, sockets } = live();
  const none = async (): Promise<Uint8Array> => {
    throw new HallError("group-unknown", "the hall has no such group");
  };
  const gone = recording({ token: none });
  const kept = recording();
  const other = new Uint8Array(32).fill(9);
  const ended: string[] = [];
  socket.subscribe(other, gone);
  socket.watch(mailbox, { token: none, mail: () => {}, ended: (reason) => void ended.push(reason) });
  socket.subscribe(group, kept);
  const hall = await server();
  expect(await hall.subscribed()).toMatchObject({ kind: "subscribe", group });
  await expect.poll(() => [gone.seen, ended]).toEqual([["ended token-required"], ["token-required"]]);
  hall.tell({ kind: "items", group, items: [] });
  await expect.poll(() => kept.seen).toEqual(["subscribed", "items 0"]);
  expect([socket.state(), sockets.ends.length]).toEqual(["online", 1]);
});

test("where the hall cannot be asked for a token the connection is tried again later", async () => {
  const { live: socket, server } = live();
  const subscription = recording({
    token: async () => {
      throw new HallError("offline", "the hall did not answer");
    },
  });
  socket.subscribe(group, subscription);
  await server();
  await expect.poll(() => socket.state()).toBe("offline");
  expect(subscription.seen).toEqual([]);
});

test("boxes and mail reach those who wait for them, also after a new connection", async () => {
  const { live: socket, clock, server } = live();
  const seen: string[] = [];
  socket.awaitBox(group, label, {
    box: ({ box }) => void seen.push(`box ${box.era}`),
    era: ({ era }) => void seen.push(`era ${era}`),
    ended: (reason) => void seen.push(reason),
  });
  socket.watch(mailbox, { token: async () => new Uint8Array(32), mail: () => void seen.push("mail"), ended: () => {} });
  const hall = await server();
  const asked = [await hall.next(), await hall.next()];
  expect(asked.map(({ kind }) => kind).toSorted()).toEqual(["await", "watch"]);
  for (const { request } of asked) hall.tell({ kind: "done", request });
  hall.tell({ kind: "box", group, box: { label, era: 3, box: new Uint8Array(10) } });
  hall.tell({ kind: "box", group, box: { label: new Uint8Array(16), era: 9, box: new Uint8Array(10) } });
  hall.tell({ kind: "era", group, era: 4, labelKey: new Uint8Array(32) });
  hall.tell({ kind: "mail", mailbox });
  // The first "mail" is said when watching begins: something may have come before.
  await expect.poll(() => seen).toEqual(["mail", "box 3", "era 4", "mail"]);
  hall.end.close(4409);
  await expect.poll(() => socket.state()).toBe("offline");
  clock.advance(5_000);
  const again = await server(1);
  expect([(await again.next()).kind, (await again.next()).kind].toSorted()).toEqual(["await", "watch"]);
});

test.each([
  [mostWaitingNews, "online"],
  [mostWaitingNews + 1, "offline"],
] as const)("of %i news that wait to be taken in the connection is %s", async (count, state) => {
  const { live: socket, server } = live();
  const taking = Promise.withResolvers<void>();
  const subscription = recording({ items: () => taking.promise });
  socket.subscribe(group, subscription);
  const hall = await server();
  await hall.subscribed();
  await expect.poll(() => subscription.seen).toEqual(["subscribed"]);
  for (let number = 0; number < count; number++) hall.tell({ kind: "items", group, items: [] });
  await expect.poll(() => socket.state()).toBe(state);
  taking.resolve();
});

test("a hall that has gone without a word is noticed", async () => {
  const { live: socket, clock, server } = live();
  socket.subscribe(group, recording());
  const hall = await server();
  await hall.subscribed();
  await expect.poll(() => socket.state()).toBe("online");
  clock.advance(46_000);
  const probe = await hall.next();
  expect(probe.kind).toBe("stop-await");
  hall.tell({ kind: "done", request: probe.request });
  await expect.poll(() => hall.end.received.length).toBe(0);
  clock.advance(46_000);
  expect((await hall.next()).kind).toBe("stop-await");
  clock.advance(25_000);
  await expect.poll(() => socket.state()).toBe("offline");
});

test("a connection that died is replaced, though the platform never says that it is closed", async () => {
  const { live: socket, sockets, clock, server } = live(deaf);
  const subscription = recording();
  socket.subscribe(group, subscription);
  const hall = await server();
  await hall.subscribed();
  await expect.poll(() => socket.state()).toBe("online");
  clock.advance(46_000);
  expect((await hall.next()).kind).toBe("stop-await");
  const waiting = socket.append(group, []);
  clock.advance(25_000);
  await expect.poll(() => socket.state()).toBe("offline");
  await expect(waiting).rejects.toMatchObject({ problem: "offline" });
  clock.advance(60_000);
  const again = await server(1);
  await again.subscribed();
  await expect.poll(() => socket.state()).toBe("online");
  const heard = subscription.seen.length;
  hall.tell({ kind: "items", group, items: [] });
  again.tell({ kind: "items", group, items: [] });
  await expect.poll(() => subscription.seen.slice(heard)).toEqual(["items 0"]);
  expect(sockets.ends).toHaveLength(2);
});

test("a connection that does not open in time is given up, and tried again", async () => {
  const { live: socket, sockets, clock } = live(deaf);
  socket.subscribe(group, recording());
  await expect.poll(() => sockets.ends.length).toBe(1);
  clock.advance(19_000);
  await expect.poll(() => socket.state()).toBe("connecting");
  clock.advance(2_000);
  await expect.poll(() => socket.state()).toBe("offline");
  clock.advance(60_000);
  await expect.poll(() => sockets.ends.length).toBe(2);
});

test("wanted at once, an attempt that hangs is dropped for a new one; a young one goes on", async () => {
  const { live: socket, sockets, clock, server } = live(deaf);
  socket.subscribe(group, recording());
  await expect.poll(() => sockets.ends.length).toBe(1);
  clock.advance(1_000);
  socket.retryNow();
  await Promise.resolve();
  expect([sockets.ends.length, socket.state()]).toEqual([1, "connecting"]);
  clock.advance(4_000);
  socket.retryNow();
  await (await server(1)).subscribed();
  await expect.poll(() => socket.state()).toBe("online");
});

test("an answer is waited for while other news come in, as over a slow network", async () => {
  const { live: socket, clock, server } = live();
  const subscription = recording();
  socket.subscribe(group, subscription);
  const hall = await server();
  await hall.subscribed();
  const sent = socket.append(group, []);
  const { request } = await hall.next();
  for (let seconds = 0; seconds < 60; seconds += 15) {
    clock.advance(15_000);
    const heard = subscription.seen.length;
    hall.tell({ kind: "items", group, items: [] });
    await expect.poll(() => subscription.seen.length).toBe(heard + 1);
  }
  hall.tell({ kind: "appended", request, seqs: [7], day: 1 });
  expect(await sent).toMatchObject({ kind: "appended" });
  const lost = socket.append(group, []);
  await hall.next();
  clock.advance(21_000);
  await expect(lost).rejects.toMatchObject({ problem: "offline" });
});

test("bytes that are no frame end the connection", async () => {
  const { live: socket, server } = live();
  socket.subscribe(group, recording());
  const hall = await server();
  await hall.subscribed();
  hall.end.send(Uint8Array.of(1, 2, 3));
  await expect.poll(() => [hall.end.closed, socket.state()]).toEqual([true, "offline"]);
});

test("after stopping nothing is opened or said any more", async () => {
  const { live: socket, sockets, clock, stop, server } = live();
  const subscription = recording();
  socket.subscribe(group, subscription);
  const hall = await server();
  await hall.subscribed();
  stop.stop();
  await expect.poll(() => hall.end.closed).toBe(true);
  clock.advance(120_000);
  socket.subscribe(group, recording());
  await expect(socket.append(group, [])).rejects.toMatchObject({ problem: "offline" });
  expect(sockets.ends).toHaveLength(1);
});
