import type { Clock } from "../clock.ts";
import { groupLimits } from "../contract/group-limits.ts";

/** Limits the frames of one connection, before they are read: strangers' too, and whatever they ask for. */
export interface FrameRate {
  /** Whether the connection may send a frame of so many bytes now. Costs one, and one more for every 64 KiB. */
  take(bytes: number): boolean;
}

const bytesPerCost = 64 * 1024;

export function createFrameRate(clock: Clock): FrameRate {
  const { framesAtOnce, framesPerSecond } = groupLimits;
  let left: number = framesAtOnce;
  let at = clock();
  return {
    take(bytes) {
      const now = clock();
      left = Math.min(framesAtOnce, left + ((now - at) / 1000) * framesPerSecond);
      at = now;
      const cost = 1 + Math.floor(bytes / bytesPerCost);
      if (cost > left) return false;
      left -= cost;
      return true;
    },
  };
}

/** For figures and for tests that send faster than people. */
export const noFrameRate: FrameRate = { take: () => true };
