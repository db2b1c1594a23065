import type { Clock } from "../../core/platform.ts";

/** The system's clock and timers, in browsers and in Node. */
export const timerClock: Clock = {
  now: () => Date.now(),
  sleep(milliseconds, stop) {
    return new Promise((resolve) => {
      if (stop?.stopped === true) return resolve("stopped");
      const forget = stop?.onStop(() => {
        clearTimeout(timer);
        resolve("stopped");
      });
      const timer = setTimeout(() => {
        forget?.();
        resolve("slept");
      }, milliseconds);
    });
  },
};
