import { groupLimits } from "../contract/group-limits.ts";
import { keyOf } from "../groups/group-key.ts";
import { refuse, RefusedError } from "../groups/refusal.ts";
import type { LogPage } from "../contract/log.ts";
import type { Bus, GroupNews } from "./bus.ts";
import { Delivery } from "./delivery.ts";
import { encodeFrame } from "./frames.ts";
import type { Timers } from "./timers.ts";

/** One connection, as far as the fan-out knows it. */
export interface Reader {
  /** Hands a message over; a reader that does not keep up is cut instead. */
  send(message: Buffer): void;
  /** The reader is too far behind: it is to connect again and catch up by pages. */
  cutSlow(): void;
}

/** One group on one connection. */
export interface Subscription {
  readonly reader: Reader;
  readonly groupId: Uint8Array;
  /** The era whose pass was proved. */
  era: number;
  /** The last `seq` that the reader was sent, or has otherwise. */
  lastSeq: number;
  state:
    | { readonly kind: "live" }
    /** Reads what is missing; news wait. */
    | { readonly kind: "catching-up"; readonly waiting: Delivery[] }
    /** Its era has ended and it has not renewed: it gets nothing after the entry that ended it (rules 3 and 4). */
    | { readonly kind: "held" }
    | { readonly kind: "ended" };
}

/** What a group's log holds after `after`: items if they are few, and how far it goes. */
export interface Missing {
  readonly era: number;
  readonly newestSeq: number;
  /** Null where there are too many: they are read by pages. */
  readonly items: LogPage["items"] | null;
}

export interface FanOutDeps {
  readonly bus: Bus;
  readonly timers: Timers;
  /** @throws {RefusedError} `unknown-group`, `group-deleted` */
  readonly readMissing: (groupId: Uint8Array, after: number) => Promise<Missing>;
  readonly onFailure: (error: unknown) => void;
}

interface Channel {
  readonly subscriptions: Set<Subscription>;
  /** Who waits for a box, by label. */
  readonly awaits: Map<string, Set<Reader>>;
}

/** News that may wait for one subscription while it reads what it missed. */
const waitingAtMost = 256;

/** Takes news from the bus to the connections: every message is encoded once and handed to each reader of its group. */
export class FanOut {
  readonly #deps: FanOutDeps;
  readonly #channels = new Map<string, Channel>();

  constructor(deps: FanOutDeps) {
    this.#deps = deps;
    deps.bus.listen((news) => {
      try {
        this.#take(news);
      } catch (error) {
        // What was committed stays so; readers notice what they miss by the next seq.
        deps.onFailure(error);
      }
    });
  }

  /**
   * A subscription from the one after `after`. It is entered before the log is read, so that nothing falls between the two; `begin` is called
   * with what is missing when the reader can be told, before any news.
   *
   * @throws {RefusedError} `era-ended`, `unknown-group`, `group-deleted`; `not-subscribed` where it was ended meanwhile
   */
  async subscribe(
    reader: Reader,
    groupId: Uint8Array,
    { era, after }: { readonly era: number; readonly after: number },
    begin: (missing: Missing) => void,
  ): Promise<Subscription> {
    const state: Subscription["state"] = { kind: "catching-up", waiting: [] };
    const subscription: Subscription = { reader, groupId, era, lastSeq: after, state };
    this.#channel(groupId).subscriptions.add(subscription);
    await this.#catchUpOrSay(subscription, begin);
    return subscription;
  }

  /** A token of the newest era for a subscription that is there: what was held back follows. @throws {RefusedError} as {@link subscribe} */
  async renew(subscription: Subscription, era: number, begin: (missing: Missing) => void): Promise<void> {
    if (subscription.state.kind === "ended") refuse("not-subscribed");
    subscription.era = era;
    subscription.state = { kind: "catching-up", waiting: [] };
    await this.#catchUpOrSay(subscription, begin);
  }

  end(subscription: Subscription): void {
    subscription.state = { kind: "ended" };
    const key = keyOf(subscription.groupId);
    this.#channels.get(key)?.subscriptions.delete(subscription);
    this.#forgetEmpty(key);
  }

  /** From now on the reader is told of boxes that come under this label, and of new eras of the group. */
  await(reader: Reader, groupId: Uint8Array, label: Uint8Array): void {
    const { awaits } = this.#channel(groupId);
    const key = keyOf(label);
    const readers = awaits.get(key) ?? new Set();
    awaits.set(key, readers.add(reader));
  }

  stopAwait(reader: Reader, groupId: Uint8Array, label: Uint8Array): void {
    const groupKey = keyOf(groupId);
    const awaits = this.#channels.get(groupKey)?.awaits;
    const readers = awaits?.get(keyOf(label));
    readers?.delete(reader);
    if (readers?.size === 0) awaits?.delete(keyOf(label));
    this.#forgetEmpty(groupKey);
  }

  #channel(groupId: Uint8Array): Channel {
    const key = keyOf(groupId);
    const channel = this.#channels.get(key) ?? { subscriptions: new Set(), awaits: new Map() };
    this.#channels.set(key, channel);
    return channel;
  }

  #forgetEmpty(key: string): void {
    const channel = this.#channels.get(key);
    if (channel?.subscriptions.size === 0 && channel.awaits.size === 0) this.#channels.delete(key);
  }

  #take(news: GroupNews): void {
    const channel = this.#channels.get(keyOf(news.groupId));
    if (channel === undefined) return;
    const delivery = new Delivery(news);
    for (const subscription of channel.subscriptions) this.#deliver(subscription, delivery);
    this.#tellAwaiting(channel, delivery);
    const { era } = news;
    if (era !== null)
      this.#deps.timers.after(groupLimits.graceSeconds * 1000, () => {
        this.#endOlder(channel, era.era);
      });
  }

  #deliver(subscription: Subscription, delivery: Delivery): void {
    const { state, reader } = subscription;
    if (state.kind === "ended") return;
    if (delivery.news.deleted) {
      this.#close(subscription, "group-deleted");
      return;
    }
    if (state.kind === "held") return;
    if (state.kind === "catching-up") {
      if (state.waiting.length >= waitingAtMost) reader.cutSlow();
      else state.waiting.push(delivery);
      return;
    }
    if (delivery.firstSeq > subscription.lastSeq + 1) {
      this.#resume(subscription);
      return;
    }
    const message = delivery.itemsAfter(subscription.lastSeq);
    if (message !== null) {
      reader.send(message);
      subscription.lastSeq = delivery.lastSeq;
    }
    const { era } = delivery.news;
    if (era === null || subscription.era >= era.era) return;
    reader.send(delivery.eraMessage());
    subscription.state = { kind: "held" };
  }

  /** Some news never came: read them. */
  #resume(subscription: Subscription): void {
    subscription.state = { kind: "catching-up", waiting: [] };
    const begin = ({ items }: Missing): void => {
      if (items === null) subscription.reader.cutSlow();
    };
    this.#catchUp(subscription, begin).catch((error: unknown) => {
      if (!(error instanceof RefusedError)) this.#deps.onFailure(error);
      subscription.reader.cutSlow();
    });
  }

  /** {@link #catchUp} for a request, which is answered also where a later one took its place: that one sends what is missing. */
  async #catchUpOrSay(subscription: Subscription, begin: (missing: Missing) => void): Promise<void> {
    const { era } = subscription;
    const overtaken = await this.#catchUp(subscription, begin);
    if (overtaken === null) return;
    if (subscription.state.kind === "ended") refuse("not-subscribed");
    if (overtaken.era !== era) refuse("era-ended", { newest: overtaken.era });
    begin(overtaken);
  }

  /** Null when the subscription is live; what was missing where it was ended, or begun anew, in the meantime. */
  async #catchUp(subscription: Subscription, begin: (missing: Missing) => void): Promise<Missing | null> {
    const { groupId, reader, state } = subscription;
    let missing: Missing;
    try {
      missing = await this.#deps.readMissing(groupId, subscription.lastSeq);
      if (subscription.state !== state) return missing;
      if (missing.era !== subscription.era) refuse("era-ended", { newest: missing.era });
    } catch (error) {
      if (subscription.state === state) this.end(subscription);
      throw error;
    }
    begin(missing);
    if (missing.items !== null && missing.items.length > 0)
      reader.send(encodeFrame({ kind: "items", group: groupId, items: missing.items }));
    subscription.lastSeq = missing.newestSeq;
    subscription.state = { kind: "live" };
    if (state.kind === "catching-up") for (const delivery of state.waiting) this.#deliver(subscription, delivery);
    return null;
  }

  #tellAwaiting({ awaits }: Channel, delivery: Delivery): void {
    if (awaits.size === 0) return;
    for (const box of delivery.news.boxes) {
      const readers = awaits.get(keyOf(box.label));
      if (readers === undefined) continue;
      const message = encodeFrame({ kind: "box", group: delivery.news.groupId, box });
      for (const reader of readers) reader.send(message);
    }
    if (delivery.news.era === null) return;
    const everybody = new Set([...awaits.values()].flatMap((readers) => [...readers]));
    for (const reader of everybody) reader.send(delivery.eraMessage());
  }

  /** Rule 4: who has not renewed within 5 s is out. */
  #endOlder({ subscriptions }: Channel, era: number): void {
    for (const subscription of subscriptions) if (subscription.era < era) this.#close(subscription, "era-ended");
  }

  #close(subscription: Subscription, reason: "era-ended" | "group-deleted"): void {
    this.end(subscription);
    subscription.reader.send(encodeFrame({ kind: "closed", group: subscription.groupId, reason }));
  }
}
