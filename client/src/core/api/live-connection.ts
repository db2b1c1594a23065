import { ClientFrame, ServerFrame } from "@unionhall/server/contract";
import type { Clock, Socket, Sockets } from "../platform.ts";
import { HallError } from "../problems.ts";
import { StopSource } from "../stop.ts";
import type { ValueOf } from "./api.ts";
import { decodeWire, encodeWire } from "./wire-bytes.ts";

export type ServerFrameValue = ValueOf<typeof ServerFrame>;
/** Frames that answer a request; the others come by themselves. */
export type AnswerFrame = Extract<ServerFrameValue, { readonly request: number }>;
export type NewsFrame = Exclude<ServerFrameValue, { readonly request: number }>;
/** A frame of a client before it has its number. */
export type Asked = WithoutNumber<ValueOf<typeof ClientFrame>>;
type WithoutNumber<F> = F extends unknown ? Omit<F, "request"> : never;

/** Silence after which the connection is asked whether it still lives. */
const quietMilliseconds = 45_000;
const answerMilliseconds = 20_000;
/** What has not opened by then is given up: a network that swallows everything says nothing by itself for minutes. */
const openingMilliseconds = 20_000;
const slowBytesPerMillisecond = 8;
/** So much later than expected an answer may come over a slow network, in milliseconds. */
const longestDelay = 10 * 60 * 1000;
const unintelligible = 4400;
const silent = 4000;

/** One connection from opening to closing: numbers requests, hands out answers, notices when the other side has gone without a word. */
export class LiveConnection {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #news: (frame: NewsFrame) => void;
  readonly #answers = new Map<number, (answer: AnswerFrame | null) => void>();
  readonly #over = new StopSource();
  readonly #opening = Promise.withResolvers<boolean>();
  readonly #closing = Promise.withResolvers<number>();
  readonly #since: number;
  #nextRequest = 1;
  #lastHeard: number;

  constructor(sockets: Sockets, url: string, clock: Clock, news: (frame: NewsFrame) => void) {
    this.#clock = clock;
    this.#news = news;
    this.#since = clock.now();
    this.#lastHeard = this.#since;
    this.#socket = sockets.open(url, {
      opened: () => {
        if (this.#over.signal.stopped) return;
        this.#lastHeard = clock.now();
        this.#opening.resolve(true);
        void this.#watchSilence();
      },
      message: (bytes) => {
        if (!this.#over.signal.stopped) this.#hear(bytes);
      },
      closed: (code) => this.#end(code),
    });
    void this.#watchOpening();
  }

  /** Resolves true once open, false when it closed before. */
  get opened(): Promise<boolean> {
    return this.#opening.promise;
  }

  /** Resolves with the close code. */
  get closed(): Promise<number> {
    return this.#closing.promise;
  }

  /** How long ago it was begun. */
  get ageMilliseconds(): number {
    return this.#clock.now() - this.#since;
  }

  /**
   * Sends a request and calls `answered` in the moment its answer arrives, before any later frame is looked at; with null when the connection is
   * lost first.
   */
  ask(asked: Asked, answered: (answer: AnswerFrame | null) => void): void {
    if (this.#over.signal.stopped) return answered(null);
    const request = this.#nextRequest++;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a frame and its number, which the union cannot express when put together
    const frame = { ...asked, request } as ValueOf<typeof ClientFrame>;
    const bytes = encodeWire(ClientFrame, frame);
    this.#answers.set(request, answered);
    this.#socket.send(bytes);
    void this.#insist(request, answerMilliseconds + bytes.length / slowBytesPerMillisecond);
  }

  /** As {@link ask}, as a promise. @throws HallError `offline` when the connection is lost first */
  request(asked: Asked): Promise<AnswerFrame> {
    return new Promise((resolve, reject) => {
      this.ask(asked, (answer) => {
        if (answer === null) reject(new HallError("offline", "the connection to the hall was lost"));
        else resolve(answer);
      });
    });
  }

  /**
   * Over at once, whatever the platform says later or never: where the other side has gone without a word, its closing handshake takes minutes
   * (Node) or has no end.
   */
  close(code = 1000): void {
    if (this.#over.signal.stopped) return;
    this.#end(code);
    this.#socket.close(code);
  }

  #hear(bytes: Uint8Array): void {
    this.#lastHeard = this.#clock.now();
    let frame: ServerFrameValue;
    try {
      frame = decodeWire(ServerFrame, bytes);
    } catch {
      return this.close(unintelligible);
    }
    if (!("request" in frame)) return this.#news(frame);
    const answered = this.#answers.get(frame.request);
    this.#answers.delete(frame.request);
    answered?.(frame);
  }

  #end(code: number): void {
    this.#over.stop();
    this.#opening.resolve(false);
    this.#closing.resolve(code);
    const answers = [...this.#answers.values()];
    this.#answers.clear();
    for (const answered of answers) answered(null);
  }

  /**
   * An answer that does not come in time ends the connection: what it was waiting for is then asked again on a new one. As long as bytes still go
   * out or frames come in, the network is only slow.
   */
  async #insist(request: number, milliseconds: number): Promise<void> {
    const last = this.#clock.now() + milliseconds + longestDelay;
    for (let pause = milliseconds; ;) {
      const unsent = this.#socket.bufferedBytes;
      if ((await this.#clock.sleep(pause, this.#over.signal)) === "stopped" || !this.#answers.has(request)) return;
      const now = this.#clock.now();
      const isMoving = now - this.#lastHeard < answerMilliseconds || this.#socket.bufferedBytes < unsent;
      if (!isMoving || now >= last) return this.close(silent);
      pause = answerMilliseconds;
    }
  }

  async #watchOpening(): Promise<void> {
    const decided = new StopSource();
    void this.opened.then(() => decided.stop());
    if ((await this.#clock.sleep(openingMilliseconds, decided.signal)) === "slept") this.close(silent);
  }

  async #watchSilence(): Promise<void> {
    for (;;) {
      const quiet = this.#clock.now() - this.#lastHeard;
      const slept = await this.#clock.sleep(Math.max(quietMilliseconds - quiet, 1000), this.#over.signal);
      if (slept === "stopped") return;
      // The cheapest question there is: nothing is awaited under this id. Without an answer the connection is closed.
      if (this.#clock.now() - this.#lastHeard >= quietMilliseconds)
        this.ask({ kind: "stop-await", group: new Uint8Array(32) }, () => {});
    }
  }
}
