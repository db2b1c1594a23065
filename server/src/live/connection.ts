import { groupLimits } from "../contract/group-limits.ts";
import { type ClientFrame, closeCodes, type ServerFrame } from "../contract/live.ts";
import type { Reader } from "./fan-out.ts";
import type { FrameRate } from "./frame-rate.ts";
import { decodeFrame, encodeFrame } from "./frames.ts";
import type { LiveSocket, Wire } from "./live-socket.ts";
import { Membership } from "./membership.ts";
import { answerTo, type RequestDeps } from "./requests.ts";
import { refusalOf } from "./refused-frame.ts";

export interface ConnectionDeps extends RequestDeps {
  readonly isStopping: () => boolean;
  readonly newFrameRate: () => FrameRate;
}

/** Requests, and their bytes, that one connection may have under way; beyond them it is not read from. */
const atOnce = { requests: 128, bytes: 16 * 1024 * 1024 } as const;
/** A reader that was cut has this long to take the reason before its connection is dropped. */
const cutMilliseconds = 5_000;
/** Pings, of half a minute each, that a connection may live without having subscribed to anything: twelve hours. */
const lonelyPings = 1_440;
const open = 1;
/** Bytes that the network hands over at once: so much may come behind a message before anybody looks. */
const chunkBytes = 64 * 1024;
/** The longest pong: header, mask and 125 bytes. */
const pongBytes = 131;

/** One websocket: reads its frames, answers each, and hands over what the fan-out sends. */
export class Connection implements Reader {
  /** What it has subscribed to, awaits and watches. */
  readonly membership: Membership;
  readonly #socket: LiveSocket;
  readonly #wire: Wire;
  readonly #deps: ConnectionDeps;
  readonly #rate: FrameRate;
  #requests = 0;
  #bytes = 0;
  /** What the network had brought when the last message was whole; what came since is held for an unfinished one. */
  #wholeBytes: number;
  /** What comes now is thrown away by `ws`, which waits for the end. */
  #isBroken = false;
  #isPaused = false;
  #isCut = false;
  /** Answered the last ping, or is new. */
  #isAlive = true;
  #idlePings = 0;
  #lonelyPings = 0;

  constructor(socket: LiveSocket, wire: Wire, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#wire = wire;
    this.#deps = deps;
    this.#rate = deps.newFrameRate();
    this.#wholeBytes = wire.bytesRead;
    this.membership = new Membership(this, deps.fanOut);
  }

  send(message: Buffer): void {
    if (this.#isCut || this.#socket.readyState !== open) return;
    if (this.#wire.writableLength > groupLimits.socketBacklogBytes) this.cutSlow();
    else this.#wire.write(message);
  }

  cutSlow(): void {
    this.#cut(closeCodes.slowReader);
  }

  /** Something broke it. Where a frame was at fault, `ws` tells the client why, in a close frame: it gets as long to go as any other. */
  broke(): void {
    this.#isBroken = true;
    if (!this.#isCut) this.#drop();
  }

  /** The connection has ended, for whatever reason. */
  ended(): void {
    this.#isCut = true;
    this.membership.clear();
  }

  /** The hall stops: what was begun is answered, then the connection ends. */
  stop(): void {
    this.#cut(closeCodes.stopping);
  }

  pong(): void {
    // It was asked for, so it is no part of a message; one that nobody asked for is counted.
    if (!this.#isAlive) this.#wholeBytes += pongBytes;
    this.#isAlive = true;
  }

  /**
   * Called every 30 s. Ends a connection that did not answer the last time, that has wanted nothing for two times, or that has subscribed to
   * nothing for twelve hours: waiting needs no more than a group's id, and whoever still waits connects again.
   */
  ping(): void {
    if (this.#isCut) return;
    this.#idlePings = this.membership.isEmpty() ? this.#idlePings + 1 : 0;
    this.#lonelyPings = this.membership.hasSubscriptions() ? 0 : this.#lonelyPings + 1;
    if (!this.#isAlive || this.#idlePings > 2 || this.#lonelyPings > lonelyPings) {
      this.#cut(closeCodes.idle);
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  /** Bytes came. A message that grows too long is not waited for: nothing more of the connection is read. */
  heard(): void {
    if (this.#isBroken) return;
    const atMost = this.membership.hasSubscriptions() ? groupLimits.frameBytes : groupLimits.strangerFrameBytes;
    if (this.#wire.bytesRead - this.#wholeBytes <= atMost + chunkBytes) return;
    this.#cut(closeCodes.frameRefused);
    this.#socket.pause();
  }

  receive(data: unknown, isBinary: boolean): void {
    if (this.#isCut) return;
    this.#wholeBytes = this.#wire.bytesRead;
    const bytes = data instanceof Uint8Array ? data.length : 0;
    if (!this.#rate.take(bytes)) {
      this.#cut(closeCodes.tooManyRequests);
      return;
    }
    const frame = isBinary && data instanceof Uint8Array ? this.#frameOf(data) : null;
    if (frame === null) {
      this.#cut(closeCodes.frameRefused);
      return;
    }
    this.#began(bytes);
    void this.#answer(frame, bytes).finally(() => {
      this.#finished(bytes);
    });
  }

  #frameOf(data: Uint8Array): ClientFrame | null {
    if (data.length > groupLimits.strangerFrameBytes && !this.membership.hasSubscriptions()) return null;
    try {
      return decodeFrame(data);
    } catch {
      return null;
    }
  }

  async #answer(frame: ClientFrame, bytes: number): Promise<void> {
    const say = (answer: ServerFrame): void => {
      this.send(encodeFrame(answer));
    };
    try {
      if (this.#deps.isStopping()) say(refusalOf(frame.request, { code: "hall-closing" }));
      else await answerTo(this.#deps, this.membership, frame, bytes, say);
    } catch (error) {
      say(this.#deps.refusedBy(frame.request, error));
    }
  }

  #began(bytes: number): void {
    this.#requests += 1;
    this.#bytes += bytes;
    if (this.#isPaused || (this.#requests < atOnce.requests && this.#bytes < atOnce.bytes)) return;
    this.#isPaused = true;
    this.#socket.pause();
  }

  #finished(bytes: number): void {
    this.#requests -= 1;
    this.#bytes -= bytes;
    if (!this.#isPaused || this.#requests * 2 > atOnce.requests || this.#bytes * 2 > atOnce.bytes) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  #cut(code: number): void {
    if (this.#isCut) return;
    this.#socket.close(code);
    this.#drop();
  }

  #drop(): void {
    this.#isCut = true;
    this.membership.clear();
    this.#deps.timers.after(cutMilliseconds, () => {
      this.#socket.terminate();
    });
  }
}
