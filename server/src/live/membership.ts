import { groupLimits } from "../contract/group-limits.ts";
import { keyOf } from "../groups/group-key.ts";
import type { GroupToken } from "../groups/group-token.ts";
import { refuse } from "../groups/refusal.ts";
import type { FanOut, Reader, Subscription } from "./fan-out.ts";

/** A subscription with the token that stands for it until its era ends. */
export interface Subscribed {
  token: GroupToken;
  subscription: Subscription | null;
}

interface Awaited {
  readonly groupId: Uint8Array;
  readonly labels: Map<string, Uint8Array>;
}

/** What one connection takes part in. Most connections hold little of it: its maps are made when they are first needed. */
export class Membership {
  /** The connection itself. */
  readonly reader: Reader;
  readonly #fanOut: FanOut;
  #subscriptions: Map<string, Subscribed> | null = null;
  #awaits: Map<string, Awaited> | null = null;
  #watches: Map<string, () => void> | null = null;
  #awaited = 0;
  #isOver = false;

  constructor(reader: Reader, fanOut: FanOut) {
    this.reader = reader;
    this.#fanOut = fanOut;
  }

  /** @throws {RefusedError} `not-subscribed`, also for a subscription that was closed */
  require(groupId: Uint8Array): Subscribed & { readonly subscription: Subscription } {
    const entry = this.#subscriptions?.get(keyOf(groupId));
    const subscription = entry?.subscription ?? null;
    if (entry === undefined || subscription === null || subscription.state.kind === "ended")
      return refuse("not-subscribed");
    return { token: entry.token, subscription };
  }

  /**
   * Enters a subscription, in place of one for the same group; `start` makes it.
   *
   * @throws {RefusedError} `too-many-requests` beyond 256 groups, and what `start` throws
   */
  async enter(groupId: Uint8Array, token: GroupToken, start: () => Promise<Subscription>): Promise<void> {
    this.leave(groupId);
    const subscriptions = (this.#subscriptions ??= new Map<string, Subscribed>());
    this.#dropEnded(subscriptions);
    if (subscriptions.size >= groupLimits.subscriptionsPerSocket) refuse("too-many-requests");
    const key = keyOf(groupId);
    const entry: Subscribed = { token, subscription: null };
    subscriptions.set(key, entry);
    try {
      const subscription = await start();
      // Replaced, left, or the connection ended meanwhile.
      if (this.#isOver || subscriptions.get(key) !== entry) this.#fanOut.end(subscription);
      else entry.subscription = subscription;
    } catch (error) {
      if (subscriptions.get(key) === entry) subscriptions.delete(key);
      throw error;
    }
  }

  /** The token of a renewal, from now on. */
  replaceToken(groupId: Uint8Array, token: GroupToken): void {
    const entry = this.#subscriptions?.get(keyOf(groupId));
    if (entry !== undefined) entry.token = token;
  }

  leave(groupId: Uint8Array): void {
    const key = keyOf(groupId);
    const entry = this.#subscriptions?.get(key);
    if (entry?.subscription !== undefined && entry.subscription !== null) this.#fanOut.end(entry.subscription);
    this.#subscriptions?.delete(key);
  }

  /** @throws {RefusedError} `too-many-requests` beyond 512 labels */
  await(groupId: Uint8Array, label: Uint8Array): void {
    if (this.#isOver) return;
    const awaits = (this.#awaits ??= new Map<string, Awaited>());
    const key = keyOf(groupId);
    const awaited = awaits.get(key) ?? { groupId, labels: new Map<string, Uint8Array>() };
    if (awaited.labels.has(keyOf(label))) return;
    if (this.#awaited >= groupLimits.awaitsPerSocket) refuse("too-many-requests");
    this.#awaited += 1;
    awaited.labels.set(keyOf(label), label);
    awaits.set(key, awaited);
    this.#fanOut.await(this.reader, groupId, label);
  }

  stopAwait(groupId: Uint8Array): void {
    const awaited = this.#awaits?.get(keyOf(groupId));
    if (awaited === undefined) return;
    for (const label of awaited.labels.values()) this.#fanOut.stopAwait(this.reader, groupId, label);
    this.#awaited -= awaited.labels.size;
    this.#awaits?.delete(keyOf(groupId));
  }

  /** `start` returns the way to stop. @throws {RefusedError} `too-many-requests` beyond 256 mailboxes */
  watch(mailboxId: Uint8Array, start: () => () => void): void {
    if (this.#isOver) return;
    const watches = (this.#watches ??= new Map<string, () => void>());
    if (watches.has(keyOf(mailboxId))) return;
    if (watches.size >= groupLimits.watchesPerSocket) refuse("too-many-requests");
    watches.set(keyOf(mailboxId), start());
  }

  unwatch(mailboxId: Uint8Array): void {
    this.#watches?.get(keyOf(mailboxId))?.();
    this.#watches?.delete(keyOf(mailboxId));
  }

  hasSubscriptions(): boolean {
    return (this.#subscriptions?.size ?? 0) > 0;
  }

  /** Nothing subscribed, awaited or watched. */
  isEmpty(): boolean {
    if (this.#subscriptions !== null) this.#dropEnded(this.#subscriptions);
    return !this.hasSubscriptions() && this.#awaited === 0 && (this.#watches?.size ?? 0) === 0;
  }

  /** Ends everything, for good. */
  clear(): void {
    this.#isOver = true;
    for (const { subscription } of this.#subscriptions?.values() ?? [])
      if (subscription !== null) this.#fanOut.end(subscription);
    for (const { groupId } of this.#awaits?.values() ?? []) this.stopAwait(groupId);
    for (const stop of this.#watches?.values() ?? []) stop();
    this.#subscriptions = this.#awaits = this.#watches = null;
  }

  #dropEnded(subscriptions: Map<string, Subscribed>): void {
    for (const [key, { subscription }] of subscriptions)
      if (subscription?.state.kind === "ended") subscriptions.delete(key);
  }
}
