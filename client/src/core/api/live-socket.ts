import { toHex } from "@unionhall/crypto";
import { closeCodes, livePath, type ProblemCode } from "@unionhall/server/contract";
import type { Clock, Random, Sockets } from "../platform.ts";
import { HallError, type HallProblem } from "../problems.ts";
import { StopSource, type StopSignal } from "../stop.ts";
import { backoffMilliseconds } from "./backoff.ts";
import { LiveConnection, type AnswerFrame, type Asked, type NewsFrame } from "./live-connection.ts";
import type { Answer, BoxWaiting, Live, LiveState, MailWatching, Subscription } from "./live.ts";

interface Followed {
  readonly group: Uint8Array;
  readonly subscription: Subscription;
  /** Callbacks of one subscription run one after the other. */
  queue: Promise<void>;
  /** News that wait in the queue. */
  waiting: number;
}

interface Awaited {
  readonly group: Uint8Array;
  readonly label: Uint8Array;
  readonly waiting: BoxWaiting;
}

interface Watched {
  readonly mailbox: Uint8Array;
  readonly watching: MailWatching;
}

/** {@link Live} over the platform's sockets: one connection at a time, made again as long as something is wanted of it. */
export class LiveSocket implements Live {
  readonly #sockets: Sockets;
  readonly #url: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #stop: StopSignal;
  readonly #followed = new Map<string, Followed>();
  readonly #awaited = new Map<string, Awaited>();
  readonly #watched = new Map<string, Watched>();
  readonly #listeners = new Set<() => void>();
  #connection: LiveConnection | null = null;
  #running = false;
  #state: LiveState = "online";
  #pause = new StopSource();
  /** The next attempt comes without a pause. */
  #isHurried = false;

  constructor(parts: {
    readonly origin: string;
    readonly sockets: Sockets;
    readonly clock: Clock;
    readonly random: Random;
    readonly stop: StopSignal;
  }) {
    this.#sockets = parts.sockets;
    this.#url = parts.origin.replace(/^http/, "ws") + livePath;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#stop = parts.stop;
    parts.stop.onStop(() => {
      this.#pause.stop();
      this.#connection?.close();
    });
  }

  state(): LiveState {
    return this.#state;
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(): void {
    this.#pause.stop();
    const attempt = this.#connection;
    if (attempt === null || this.#state !== "connecting" || attempt.ageMilliseconds < freshMilliseconds) return;
    this.#isHurried = true;
    attempt.close();
  }

  subscribe(group: Uint8Array, subscription: Subscription): () => void {
    const key = toHex(group);
    const followed = { group, subscription, queue: Promise.resolve(), waiting: 0 };
    this.#followed.set(key, followed);
    this.#want(() => void this.#follow(followed));
    return () => {
      if (this.#followed.get(key) !== followed) return;
      this.#followed.delete(key);
      this.#tell({ kind: "unsubscribe", group });
    };
  }

  async renew(group: Uint8Array): Promise<void> {
    const followed = this.#followed.get(toHex(group));
    const connection = this.#connection;
    if (followed === undefined || connection === null) return;
    const token = await this.#token(() => followed.subscription.token(), connection);
    if (token === null || token === "none") return;
    // Refused: what the other token is wanted for is refused, too, and asked again after a pause.
    await connection.request({ kind: "renew", group, token });
  }

  awaitBox(group: Uint8Array, label: Uint8Array, waiting: BoxWaiting): () => void {
    const key = `${toHex(group)} ${toHex(label)}`;
    const awaited = { group, label, waiting };
    this.#awaited.set(key, awaited);
    this.#want(() => this.#await(awaited));
    return () => {
      if (this.#awaited.get(key) !== awaited) return;
      this.#awaited.delete(key);
      if (this.#awaitedOf(group).length === 0) this.#tell({ kind: "stop-await", group });
    };
  }

  watch(mailbox: Uint8Array, watching: MailWatching): () => void {
    const key = toHex(mailbox);
    const watched = { mailbox, watching };
    this.#watched.set(key, watched);
    this.#want(() => void this.#watch(watched));
    return () => {
      if (this.#watched.get(key) !== watched) return;
      this.#watched.delete(key);
      this.#tell({ kind: "unwatch", mailbox });
    };
  }

  async append(group: Uint8Array, records: Parameters<Live["append"]>[1]): Promise<Answer> {
    return this.#answer({ kind: "append", group, records: [...records] });
  }

  async chain(group: Uint8Array, chain: Parameters<Live["chain"]>[1]): Promise<Answer> {
    return this.#answer({ kind: "chain", group, chain });
  }

  async #answer(asked: Asked): Promise<Answer> {
    if (this.#connection === null || this.#state !== "online")
      throw new HallError("offline", "there is no connection to the hall");
    const answer = await this.#connection.request(asked);
    if (answer.kind === "appended" || answer.kind === "refused") return answer;
    throw new HallError("server-lies", "the hall gave another answer than was asked for");
  }

  /** Does it now if there is a connection; otherwise there will be one, and it is done then. */
  #want(now: () => void): void {
    if (this.#connection !== null && this.#state === "online") now();
    else if (!this.#running && !this.#stop.stopped) void this.#run();
  }

  #isWanted(): boolean {
    return this.#followed.size + this.#awaited.size + this.#watched.size > 0 && !this.#stop.stopped;
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let attempt = 0; this.#isWanted();) {
      this.#setState("connecting");
      const connection = new LiveConnection(this.#sockets, this.#url, this.#clock, (frame) => this.#news(frame));
      this.#connection = connection;
      const since = this.#clock.now();
      if (await connection.opened) {
        this.#setState("online");
        this.#resume();
      }
      const code = await connection.closed;
      this.#connection = null;
      if (!this.#isWanted()) break;
      this.#setState("offline");
      const lasted = this.#clock.now() - since > steadyMilliseconds;
      attempt = lasted ? 0 : attempt + 1;
      await this.#rest(code === closeCodes.tooManyRequests ? Math.max(attempt, calmAttempt) : attempt);
    }
    this.#running = false;
    this.#setState(this.#stop.stopped ? "offline" : "online");
    // What was wanted between the last look and here would otherwise wait for ever.
    if (this.#isWanted()) void this.#run();
  }

  async #rest(attempt: number): Promise<void> {
    const isHurried = this.#isHurried;
    this.#isHurried = false;
    if (isHurried) return;
    this.#pause = new StopSource();
    const forget = this.#stop.onStop(() => this.#pause.stop());
    await this.#clock.sleep(backoffMilliseconds(attempt, this.#random), this.#pause.signal);
    forget();
  }

  #resume(): void {
    for (const followed of this.#followed.values()) void this.#follow(followed);
    for (const awaited of this.#awaited.values()) this.#await(awaited);
    for (const watched of this.#watched.values()) void this.#watch(watched);
  }

  async #follow(followed: Followed, again = false): Promise<void> {
    const { group, subscription } = followed;
    const connection = this.#connection;
    await followed.queue;
    const token = await this.#token(() => subscription.token(), connection);
    if (token === null || !this.#isFollowed(followed) || connection !== this.#connection) return;
    if (token === "none") return this.#endFollowing(followed, "token-required");
    connection?.ask({ kind: "subscribe", group, token, after: subscription.after() }, (answer) => {
      if (answer === null || !this.#isFollowed(followed)) return;
      if (answer.kind === "subscribed") this.#enqueue(followed, async () => subscription.subscribed(answer));
      else if (!again && isTokenTrouble(answer)) void this.#follow(followed, true);
      else this.#endFollowing(followed, codeOf(answer));
    });
  }

  #await({ group, label, waiting }: Awaited): void {
    const key = `${toHex(group)} ${toHex(label)}`;
    this.#connection?.ask({ kind: "await", group, label }, (answer) => {
      if (answer === null || answer.kind === "done" || this.#awaited.get(key)?.waiting !== waiting) return;
      this.#awaited.delete(key);
      waiting.ended(codeOf(answer));
    });
  }

  async #watch(watched: Watched): Promise<void> {
    const { mailbox, watching } = watched;
    const connection = this.#connection;
    const key = toHex(mailbox);
    const token = await this.#token(() => watching.token(), connection);
    if (token === null || this.#watched.get(key) !== watched || connection !== this.#connection) return;
    if (token === "none") {
      this.#watched.delete(key);
      return watching.ended("token-required");
    }
    connection?.ask({ kind: "watch", mailbox, token }, (answer) => {
      if (answer === null || this.#watched.get(key) !== watched) return;
      if (answer.kind === "done") return watching.mail();
      this.#watched.delete(key);
      watching.ended(codeOf(answer));
    });
  }

  /**
   * A token is made over HTTP. Where the hall cannot be asked, the whole connection is tried again later (null); where it gives none for this one
   * group or desk, nothing else may suffer by that.
   */
  async #token(
    make: () => Promise<Uint8Array>,
    connection: LiveConnection | null,
  ): Promise<Uint8Array | "none" | null> {
    try {
      return await make();
    } catch (error) {
      if (error instanceof HallError && !mayPass.has(error.problem)) return "none";
      connection?.close();
      return null;
    }
  }

  #news(frame: NewsFrame): void {
    if (frame.kind === "mail") return this.#watched.get(toHex(frame.mailbox))?.watching.mail();
    const followed = this.#followed.get(toHex(frame.group));
    switch (frame.kind) {
      case "items":
        if (followed !== undefined) this.#enqueue(followed, () => followed.subscription.items(frame.items));
        return;
      case "era":
        for (const { waiting } of this.#awaitedOf(frame.group)) waiting.era(frame);
        if (followed !== undefined) this.#enqueue(followed, () => this.#renew(followed, frame));
        return;
      case "box":
        for (const { label, waiting } of this.#awaitedOf(frame.group))
          if (toHex(label) === toHex(frame.box.label)) waiting.box(frame);
        return;
      case "closed":
        if (followed !== undefined) this.#endFollowing(followed, frame.reason);
    }
  }

  async #renew(followed: Followed, frame: Extract<NewsFrame, { readonly kind: "era" }>): Promise<void> {
    const connection = this.#connection;
    const token = await followed.subscription.era(frame);
    if (!this.#isFollowed(followed) || connection !== this.#connection) return;
    if (token === null) return this.#endFollowing(followed, "era-ended");
    connection?.ask({ kind: "renew", group: followed.group, token }, (answer) => {
      // Too late: the five seconds had passed. Subscribing anew gives the same.
      if (answer !== null && answer.kind === "refused" && this.#isFollowed(followed)) void this.#follow(followed);
    });
  }

  #endFollowing(followed: Followed, reason: ProblemCode | "era-ended" | "group-deleted"): void {
    if (!this.#isFollowed(followed)) return;
    this.#followed.delete(toHex(followed.group));
    this.#enqueue(followed, async () => followed.subscription.ended(reason));
  }

  /** An engine's failure on one group's news must not stop that group's later news: it is asked again at the next connection. */
  #enqueue(followed: Followed, work: () => Promise<void>): void {
    followed.waiting += 1;
    // Faster than this device takes them in, or without end: what follows comes by pages, as fast as it is asked for.
    if (followed.waiting > mostWaitingNews) this.#connection?.close();
    followed.queue = followed.queue
      .then(work)
      .catch(() => this.#connection?.close())
      .then(() => void (followed.waiting -= 1));
  }

  #isFollowed(followed: Followed): boolean {
    return this.#followed.get(toHex(followed.group)) === followed;
  }

  #awaitedOf(group: Uint8Array): readonly Awaited[] {
    const key = toHex(group);
    return [...this.#awaited.values()].filter((awaited) => toHex(awaited.group) === key);
  }

  #tell(asked: Asked): void {
    if (this.#state === "online") this.#connection?.ask(asked, () => {});
  }

  #setState(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** What has nothing to do with one group or desk. */
const mayPass: ReadonlySet<HallProblem> = new Set(["offline", "timed-out", "server-busy", "server-older"]);

/** News of one group that may wait to be taken in. */
export const mostWaitingNews = 1_000;

/** An attempt to connect that is younger goes on when somebody wants it tried at once. */
const freshMilliseconds = 3_000;
/** A connection that lasted this long was a good one: the next pause starts small again. */
const steadyMilliseconds = 10_000;
/** At least the pause of this attempt (8 to 16 s) where the server asked for calm. */
const calmAttempt = 5;

function isTokenTrouble(answer: AnswerFrame): boolean {
  return answer.kind === "refused" && (answer.code === "token-ended" || answer.code === "token-required");
}

function codeOf(answer: AnswerFrame): ProblemCode {
  return answer.kind === "refused" ? answer.code : "internal-error";
}
