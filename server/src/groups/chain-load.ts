import type { Clock } from "../clock.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { keyOf } from "./group-key.ts";

/**
 * What keeps ordinary members from starving a facilitator (protocol section 5), in memory only: chains that are kept free for a steward, and
 * how many entries without a steward's signature each token has had.
 */
export class ChainLoad {
  readonly #clock: Clock;
  readonly #reservedUntil = new Map<string, number>();
  readonly #byToken = new Map<string, { entries: number; readonly forgottenAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** After a steward's request lost its race: 60 s from the first such loss, however often it loses. */
  reserve(groupId: Uint8Array): void {
    const now = this.#clock();
    for (const [key, until] of this.#reservedUntil) if (until <= now) this.#reservedUntil.delete(key);
    const key = keyOf(groupId);
    if (!this.#reservedUntil.has(key)) this.#reservedUntil.set(key, now + groupLimits.reserveSeconds * 1000);
  }

  /** After a steward's request was taken. */
  release(groupId: Uint8Array): void {
    this.#reservedUntil.delete(keyOf(groupId));
  }

  /** Milliseconds for which the chain is still kept free. */
  reservedFor(groupId: Uint8Array): number {
    return Math.max(0, (this.#reservedUntil.get(keyOf(groupId)) ?? 0) - this.#clock());
  }

  entriesBy(tokenId: string): number {
    return this.#byToken.get(tokenId)?.entries ?? 0;
  }

  /** One more entry without a steward's signature was taken with this token. A subscription can outlive its token by an era's length: a week. */
  count(tokenId: string): void {
    const now = this.#clock();
    for (const [id, { forgottenAt }] of this.#byToken) if (forgottenAt <= now) this.#byToken.delete(id);
    const before = this.#byToken.get(tokenId);
    if (before !== undefined) before.entries += 1;
    else this.#byToken.set(tokenId, { entries: 1, forgottenAt: now + rememberedFor });
  }
}

const rememberedFor = 8 * 24 * 60 * 60 * 1000;
