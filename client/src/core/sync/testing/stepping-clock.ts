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
  readonly #wakes: "by themselves" | "when told";

  /** `when told`: sleepers wait for {@link advance}, so that what comes after a pause of chance never comes before a test is ready. */
  constructor(wakes: "by themselves" | "when told" = "by themselves") {
    this.#wakes = wakes;
  }

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
      const alone = this.#wakes === "by themselves";
      const timer = alone ? setTimeout(sleeper.wake, Math.min(milliseconds, 2 ** 31 - 1)) : undefined;
      this.#sleepers.add(sleeper);
      const forget = stop?.onStop(() => end("stopped"));
    });
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
    for (const { until, wake } of this.#sleepers) if (until <= this.now()) wake();
  }
}
