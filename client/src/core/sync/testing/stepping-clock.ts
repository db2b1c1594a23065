import type { Clock } from "../../platform.ts";
import type { StopSignal } from "../../stop.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** The system's clock, that can be put forward: whoever sleeps past then wakes. */
export class SteppingClock implements Clock {
  #ahead = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  sleep(milliseconds: number, stop?: StopSignal): Promise<"slept" | "stopped"> {
    return new Promise((resolve) => {
      const end = (how: "slept" | "stopped"): void => {
        clearTimeout(timer);
        this.#sleepers.delete(sleeper);
        forget?.();
        resolve(how);
      };
      const sleeper = { until: this.now() + milliseconds, wake: () => end("slept") };
      const timer = setTimeout(sleeper.wake, Math.min(milliseconds, 2 ** 31 - 1));
      this.#sleepers.add(sleeper);
      const forget = stop?.onStop(() => end("stopped"));
    });
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
    for (const { until, wake } of this.#sleepers) if (until <= this.now()) wake();
  }
}
