// Many members who are online and read, without opening what they read. A process of its own, started by deliver.ts.
import { ClientFrame, livePath, ServerFrame } from "@unionhall/server/contract";
import { decodeWire, encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import { LightSocket } from "./light-socket.ts";
import { kindOf } from "./live-line.ts";
import type { ReadersAsked } from "./deliver.ts";

/** Milliseconds of the machine's monotonic clock at which each reader had an item, by `seq`. */
let arrivals = new Map<number, number[]>();
/** All readers get the same bytes: a frame is decoded once. By its length and its last bytes, which are a sealed text's tag. */
let known = new Map<string, readonly number[]>();
let sockets: readonly LightSocket[] = [];
let cut = 0;
let wanted = { seq: Number.POSITIVE_INFINITY, readers: 0 };

process.on("message", (asked: ReadersAsked) => void answer(asked));
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});

async function answer(asked: ReadersAsked): Promise<void> {
  switch (asked.kind) {
    case "open":
      sockets = await Promise.all(asked.tokens.map(async (token) => await openReader(asked, token)));
      process.send?.({ opened: sockets.length });
      break;
    case "wait":
      wanted = { seq: asked.seq, readers: sockets.length };
      tellWhenAllHave();
      break;
    case "close":
      for (const socket of sockets) socket.close();
      await Promise.all(sockets.map(async ({ ended }) => await ended));
      process.send?.({ closed: true });
      break;
  }
}

type Opening = Extract<ReadersAsked, { readonly kind: "open" }>;

async function openReader({ origin, group, after }: Opening, token: Uint8Array): Promise<LightSocket> {
  const subscribed = Promise.withResolvers<void>();
  const socket = await LightSocket.open(origin, livePath, (bytes) => {
    const kind = kindOf(bytes);
    if (kind === "items") arrived(bytes);
    if (kind === "subscribed") subscribed.resolve();
  });
  socket.send(encodeWire(ClientFrame, { kind: "subscribe", request: 1, group, token, after }));
  void countWhenCut(socket);
  await subscribed.promise;
  return socket;
}

async function countWhenCut({ ended }: LightSocket): Promise<void> {
  await ended;
  cut += 1;
  tellWhenAllHave();
}

function arrived(bytes: Buffer): void {
  const now = Number(process.hrtime.bigint()) / 1e6;
  for (const seq of seqsOf(bytes)) {
    const times = arrivals.get(seq);
    if (times === undefined) arrivals.set(seq, [now]);
    else times.push(now);
    if (seq === wanted.seq) tellWhenAllHave();
  }
}

function seqsOf(bytes: Buffer): readonly number[] {
  const name = `${bytes.length} ${bytes.toString("latin1", bytes.length - 24)}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const frame = decodeWire(ServerFrame, bytes);
  const seqs = frame.kind === "items" ? frame.items.map(({ seq }) => seq) : [];
  known.set(name, seqs);
  return seqs;
}

function tellWhenAllHave(): void {
  const have = arrivals.get(wanted.seq)?.length ?? 0;
  if (wanted.readers === 0 || have < wanted.readers - cut) return;
  process.send?.({ arrivals: [...arrivals], cut });
  wanted = { seq: Number.POSITIVE_INFINITY, readers: 0 };
  arrivals = new Map();
  known = new Map();
}
