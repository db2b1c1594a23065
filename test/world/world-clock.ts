import type { Clock } from "../../client/src/core/platform.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** One clock for the server and everybody's devices. It goes by itself, and {@link WorldClock.advance} moves it: whoever sleeps past that wakes. */
export class WorldClock {
  readonly #sleepers = new Set<Sleeper>();
  #ahead = 0;

  readonly now = (): number => Date.now() + this.#ahead;

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
    const now = this.now();
    for (const { until, wake } of this.#sleepers) if (until <= now) wake();
  }

  /** As a device sees it; `ahead` may set that device's clock wrong. */
  ofDevice(ahead: () => number): Clock {
    return {
      now: () => this.now() + ahead(),
      sleep: (milliseconds, stop) =>
        new Promise((resolve) => {
          if (stop?.stopped === true) return resolve("stopped");
          const end = (how: "slept" | "stopped"): void => {
            clearTimeout(timer);
            this.#sleepers.delete(sleeper);
            forget?.();
            resolve(how);
          };
          const sleeper: Sleeper = { until: this.now() + milliseconds, wake: () => end("slept") };
          const timer = setTimeout(() => end("slept"), milliseconds);
          this.#sleepers.add(sleeper);
          const forget = stop?.onStop(() => end("stopped"));
        }),
    };
  }
}
