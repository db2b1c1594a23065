import type { Clock } from "../../core/platform.ts";
import type { StopSignal } from "../../core/stop.ts";

/** Timers go no further, 24 days: what is longer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The system's clock and timers, in browsers and in Node. */
export const timerClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, stop) {
    let left = milliseconds;
    for (; left > longestTimer; left -= longestTimer)
      if ((await timer(longestTimer, stop)) === "stopped") return "stopped";
    return timer(left, stop);
  },
};

function timer(milliseconds: number, stop: StopSignal | undefined): Promise<"slept" | "stopped"> {
  return new Promise((resolve) => {
    if (stop?.stopped === true) return resolve("stopped");
    const forget = stop?.onStop(() => {
      clearTimeout(running);
      resolve("stopped");
    });
    const running = setTimeout(() => {
      forget?.();
      resolve("slept");
    }, milliseconds);
  });
}
