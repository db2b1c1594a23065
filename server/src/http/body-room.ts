import type { FastifyInstance, FastifyReply, FastifyRequest, preParsingAsyncHookHandler } from "fastify";
import { type AddressRoom, createAddressRoom } from "./address-room.ts";
import { ProblemError } from "./problem.ts";
import { defaultBodyLimit } from "./route.ts";

/**
 * Bytes of bodies that may be under way at once from people who have shown nothing yet: of all together, and of one address. A hall holds them in
 * memory about twice. Bodies of up to 16 KiB are outside: they cost no more than their connections, and nobody's signing in waits for others.
 */
export const bodyRoom = { ofAll: 128 * 1024 * 1024, ofAddress: 16 * 1024 * 1024 } as const;

const retryAfterSeconds = 10;

/** For routes that take long bodies, except those with a check of their own before the body: they know who sends it. */
export function installBodyRoom(app: FastifyInstance): void {
  const room = createAddressRoom(bodyRoom);
  app.addHook("onRoute", (route) => {
    const atMost = route.bodyLimit ?? defaultBodyLimit;
    if (atMost > defaultBodyLimit && route.preParsing === undefined) route.preParsing = takesRoom(room, atMost);
  });
}

function takesRoom(room: AddressRoom, atMost: number): preParsingAsyncHookHandler {
  return async (request, reply, payload) => {
    const bytes = bytesToCome(request, atMost);
    // A body that is too long is refused unread.
    if (bytes <= defaultBodyLimit || bytes > atMost) return payload;
    const giveBack = room.take(request.ip, bytes);
    if (giveBack === null) throw new ProblemError("too-many-requests", { retryAfterSeconds });
    onceOver(request, reply, giveBack);
    return payload;
  };
}

/** Once the request is answered, or its connection has ended: an answer that waits behind others is never told of that. */
function onceOver({ raw: { socket } }: FastifyRequest, { raw }: FastifyReply, run: () => void): void {
  const over = (): void => {
    socket.off("close", over);
    raw.off("close", over);
    run();
  };
  if (socket.destroyed) {
    run();
    return;
  }
  // As many as there are requests of this connection under way, which is no leak.
  socket.setMaxListeners(0);
  socket.once("close", over);
  raw.once("close", over);
}

function bytesToCome({ headers }: FastifyRequest, atMost: number): number {
  if (headers["content-length"] !== undefined) return Number(headers["content-length"]);
  return headers["transfer-encoding"] === undefined ? 0 : atMost;
}
