import type { Clock } from "../platform.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 5, 1, 12);
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, stop?: Parameters<Clock["sleep"]>[1]): Promise<"slept" | "stopped"> {
    return new Promise((resolve) => {
      const sleeper = { until: this.#now + milliseconds, wake: () => resolve("slept") };
      this.#sleepers.push(sleeper);
      stop?.onStop(() => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve("stopped");
      });
    });
  }

  /** Moves time and wakes whoever slept until then. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
  }
}
