import type { Clock } from "../clock.ts";

/** How much one group token may ask for. Records, pages and chunks cost one each, and one more for every 16 KiB that is sent. */
export const tokenRate = { perSecond: 50, burst: 1_000 } as const;

/** What it costs to send so many things in so many bytes. */
export function costOf(bytes: number, things: number): number {
  return things + Math.floor(bytes / (16 * 1024));
}

/** Limits what is done with one group token, in memory only. */
export interface TokenRates {
  /** Null when it may be done now; else the seconds to wait, and nothing was taken. */
  take(tokenId: string, cost: number): number | null;
}

interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** Buckets that are full again are forgotten when this many are kept. */
const remembered = 10_000;

export function createTokenRates(clock: Clock): TokenRates {
  const buckets = new Map<string, Bucket>();
  const leftIn = ({ left, at }: Bucket, now: number): number =>
    Math.min(tokenRate.burst, left + ((now - at) / 1000) * tokenRate.perSecond);
  return {
    take(tokenId, cost) {
      const now = clock();
      if (buckets.size >= remembered)
        for (const [id, bucket] of buckets) if (leftIn(bucket, now) >= tokenRate.burst) buckets.delete(id);
      const left = leftIn(buckets.get(tokenId) ?? { left: tokenRate.burst, at: now }, now);
      if (left < cost && left < tokenRate.burst)
        return Math.max(1, Math.ceil((Math.min(cost, tokenRate.burst) - left) / tokenRate.perSecond));
      buckets.set(tokenId, { left: left - cost, at: now });
      return null;
    },
  };
}

/** For figures and for tests that send faster than people. */
export const noTokenRates: TokenRates = { take: () => null };
