import type { Random } from "../platform.ts";

const shortest = 1_000;
const longest = 60_000;

/** Milliseconds before the next attempt: growing from 1 s to 60 s, and by chance between half and the whole, so that clients do not come at once. */
export function retryPause(attempt: number, random: Random): number {
  const whole = Math.min(longest, shortest * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.5 + (random(1)[0] ?? 0) / 512));
}
