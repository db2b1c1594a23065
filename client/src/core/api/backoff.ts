import type { Random } from "../platform.ts";

const shortestMilliseconds = 500;
const longestMilliseconds = 60_000;

/**
 * How long to wait before attempt `attempt` (0 is the first after a loss): twice as long each time up to a minute, and between half and all of
 * that at random, so that the members of a hall that was down do not come back in the same moment.
 */
export function backoffMilliseconds(attempt: number, random: Random): number {
  const whole = Math.min(shortestMilliseconds * 2 ** attempt, longestMilliseconds);
  const [high = 0, low = 0] = random(2);
  return Math.round((whole / 2) * (1 + (high * 256 + low) / 65_536));
}
