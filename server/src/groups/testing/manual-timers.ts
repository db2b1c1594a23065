import type { Timers } from "../../live/timers.ts";

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

/** Timers that run when the test says so. */
export class ManualTimers implements Timers {
  readonly #waiting = new Set<Waiting>();
  #now = 0;

  after(milliseconds: number, run: () => void): () => void {
    const waiting = { at: this.#now + milliseconds, run };
    this.#waiting.add(waiting);
    return () => {
      this.#waiting.delete(waiting);
    };
  }

  /** Runs all that is due within this time, in its order. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#waiting.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }

  #next(until: number): Waiting | undefined {
    return [...this.#waiting].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}
