import websocket from "@fastify/websocket";
import type { FastifyInstance, preValidationAsyncHookHandler } from "fastify";
import { findBoxes } from "../boxes/boxes-store.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { livePath } from "../contract/live.ts";
import { type GroupReader, readEra, readGroup } from "../groups/group-store.ts";
import { refuse } from "../groups/refusal.ts";
import { createAddressRoom } from "../http/address-room.ts";
import { ProblemError, traceOf } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { readLog } from "../log/log-pages.ts";
import type { Bus } from "./bus.ts";
import type { Clock } from "../clock.ts";
import type { ConnectionDeps } from "./connection.ts";
import { Connections } from "./connections.ts";
import { FanOut, type Missing } from "./fan-out.ts";
import { createFrameRate, noFrameRate } from "./frame-rate.ts";
import type { LiveSocket } from "./live-socket.ts";
import { refusedBy } from "./refused-frame.ts";
import type { AwaitedNow } from "./requests.ts";
import type { Timers } from "./timers.ts";

/** Websockets that one address may have open: a conference hall of a thousand, each with two devices. */
export const socketsPerAddress = 2_000;
const retryAfterSeconds = 60;

export interface LiveDeps extends Pick<ConnectionDeps, "plane" | "tokens" | "rates" | "deskNews" | "mailboxTokens"> {
  readonly db: GroupReader;
  readonly bus: Bus;
  readonly timers: Timers;
  readonly clock: Clock;
  /** False: nobody is cut for sending too much, nor refused for having too many connections. */
  readonly rateLimits: boolean;
}

/** The websocket of the group plane (`contract/live.ts`). On the app itself, before any other route: upgrades concern them all. */
export async function installLive(app: FastifyInstance, deps: LiveDeps): Promise<void> {
  const { db, bus, timers, plane } = deps;
  const onFailure = (error: unknown): void => {
    app.log.error({ failure: traceOf(error) }, "the live connection failed at something");
  };
  const fanOut = new FanOut({ bus, timers, onFailure, readMissing: async (id, after) => readMissing(db, id, after) });
  const connections = new Connections(timers);
  let isStopping = false;
  const connectionDeps: ConnectionDeps = {
    ...deps,
    fanOut,
    isStopping: () => isStopping,
    newFrameRate: () => (deps.rateLimits ? createFrameRate(deps.clock) : noFrameRate),
    readAwaited: async (groupId, label) => readAwaited(db, groupId, label),
    refusedBy: refusedBy(onFailure),
  };
  const stop = async (): Promise<void> => {
    isStopping = true;
    await plane.drain();
    await connections.stop();
  };
  // An upgrade that was refused before the plugin saw it would leave its socket open, and the hall could not stop.
  app.addHook("onResponse", async (request) => {
    if (request.headers.upgrade !== undefined) request.raw.socket.destroy();
  });
  await app.register(websocket, {
    options: { maxPayload: groupLimits.frameBytes, perMessageDeflate: false, clientTracking: false },
    preClose: (done) => {
      void stop().finally(done);
    },
  });
  const route = { websocket: true, config: { plane: "group", ...limited("signing") } } as const;
  app.get(livePath, { ...route, ...(deps.rateLimits ? roomBeforeUpgrade() : {}) }, (socket: LiveSocket, request) => {
    connections.serve(socket, request.raw.socket, connectionDeps);
  });
}

/** Refuses the upgrade of an address that has as many open as it may. Browsers tell a page no more than that it failed, and clients come again. */
function roomBeforeUpgrade(): { readonly preValidation: preValidationAsyncHookHandler } {
  const room = createAddressRoom({ ofAll: Number.POSITIVE_INFINITY, ofAddress: socketsPerAddress });
  return {
    preValidation: async (request) => {
      if (!request.ws) return;
      const giveBack = room.take(request.ip, 1);
      if (giveBack === null) throw new ProblemError("too-many-requests", { retryAfterSeconds });
      const { socket } = request.raw;
      if (socket.destroyed) giveBack();
      else socket.once("close", giveBack);
    },
  };
}

async function readMissing(db: GroupReader, groupId: Uint8Array, after: number): Promise<Missing> {
  const { no, era, seq } = await readGroup(db, groupId);
  const now = { era, newestSeq: seq };
  if (seq <= after) return { ...now, items: [] };
  if (seq - after > groupLimits.itemsOnSubscribe) return { ...now, items: null };
  const way = { kind: "up", after, limit: groupLimits.itemsOnSubscribe } as const;
  const page = await readLog(db, { groupNo: no, newestSeq: seq }, way);
  return { ...now, items: page.next === null ? page.items : null };
}

async function readAwaited(db: GroupReader, groupId: Uint8Array, label: Uint8Array): Promise<AwaitedNow> {
  const group = await readGroup(db, groupId);
  const [era, boxes] = await Promise.all([readEra(db, group.no, group.era), findBoxes(db, group.no, [label], false)]);
  return era === null ? refuse("unknown-era") : { era: group.era, labelKey: era.labelKey, boxes };
}
