import type {
  Appended,
  BoxCame,
  ChainRequest,
  ClosedReason,
  EraStarted,
  LogItem,
  ProblemCode,
  Refused,
  Subscribed,
  WireRecord,
} from "@unionhall/server/contract";
import type { ValueOf } from "./api.ts";

/**
 * The one websocket of this device (protocol section 9). It is open while something is subscribed, awaited or watched, comes back by itself with
 * growing, random pauses, and then subscribes, awaits and watches the same again.
 */
export interface Live {
  state(): LiveState;
  /** Calls `listener` when {@link state} has changed. Returns the way to stop. */
  onState(listener: () => void): () => void;
  /** Follows a group's log. One subscription per group; a second replaces the first. Returns the way to stop. */
  subscribe(group: Uint8Array, subscription: Subscription): () => void;
  /** Has the subscription of a group go on with another token, which it is asked for. Resolves once that is answered. @throws HallError `offline` */
  renew(group: Uint8Array): Promise<void>;
  /** Waits for boxes under a label; needs no token. Several labels of one group can be awaited. Returns the way to stop. */
  awaitBox(group: Uint8Array, label: Uint8Array, waiting: BoxWaiting): () => void;
  /** Tells when an item has come into a mailbox. Returns the way to stop. */
  watch(mailbox: Uint8Array, watching: MailWatching): () => void;
  /**
   * Sends records, at most 64; waits until they are durable or one is refused. The group must be subscribed.
   *
   * @throws HallError `offline` when the connection is not there or was lost meanwhile: then nothing is known, and sending the same again is right
   */
  append(group: Uint8Array, records: readonly ValueOf<typeof WireRecord>[]): Promise<Answer>;
  /** Sends one entry of the chain with what belongs to it. @throws as {@link append} */
  chain(group: Uint8Array, chain: ValueOf<typeof ChainRequest>): Promise<Answer>;
  /**
   * Tries at once, without the pause before the next attempt and without an attempt that hangs: the network is back, or somebody presses a button.
   */
  retryNow(): void;
}

export type LiveState = "online" | "connecting" | "offline";

/** Either the `seq`s, or why not. */
export type Answer = ValueOf<typeof Appended> | ValueOf<typeof Refused>;

export interface Subscription {
  /** A group token of the newest era the engine holds. Asked at every (re)connection, and again after {@link era}. */
  token(): Promise<Uint8Array>;
  /** The last `seq` that is safely stored here. Asked at every (re)connection. */
  after(): number;
  /** The connection follows now. With `byPages`, `after` to `newestSeq` must be read by pages; later items come meanwhile. */
  subscribed(answer: ValueOf<typeof Subscribed>): void;
  /** New items in order, also one's own. The next call waits until this one's promise is settled. */
  items(items: readonly ValueOf<typeof LogItem>[]): Promise<void>;
  /**
   * A new era has started. Answer with its token as soon as the engine can make one (within 5 s), or null when it cannot: then the
   * subscription ends, and {@link subscribe} is called anew once there is a key.
   */
  era(started: ValueOf<typeof EraStarted>): Promise<Uint8Array | null>;
  /** Ended for good: by the server, or because the token was refused. Nothing follows. */
  ended(reason: ClosedReason | ProblemCode): void;
}

export interface MailWatching {
  /** A read token of the mailbox. Asked at every (re)connection. */
  token(): Promise<Uint8Array>;
  /** Called also after every (re)connection: items may have come meanwhile. */
  mail(): void;
  ended(reason: ProblemCode): void;
}

export interface BoxWaiting {
  box(came: ValueOf<typeof BoxCame>): void;
  /** A new era has started: labels differ by era. */
  era(started: ValueOf<typeof EraStarted>): void;
  ended(reason: ClosedReason | ProblemCode): void;
}
