import type { Clock } from "../platform.ts";
import { StopSource, type StopSignal } from "../stop.ts";

const visitMilliseconds = 60 * 60 * 1000;
const retryMilliseconds = 60 * 1000;
/** Between two visits lies at least so much, however often it is asked to come early. */
const leastMilliseconds = 5 * 60 * 1000;

/**
 * Takes in what other devices of the account wrote, and writes what is due: at the start, every hour, and early when somebody comes back to the
 * device. A visit that fails is made again after a minute: the hall cannot be reached, or lies, which is said elsewhere; what is here stays.
 */
export class RegularVisits {
  readonly #clock: Clock;
  readonly #stop: StopSignal;
  readonly #visit: () => Promise<void>;
  #pause = new StopSource();
  #visitedAt = Number.NEGATIVE_INFINITY;
  /** Resolves after `stop`. */
  readonly ended: Promise<void>;

  constructor({ clock, stop }: { readonly clock: Clock; readonly stop: StopSignal }, visit: () => Promise<void>) {
    this.#clock = clock;
    this.#stop = stop;
    this.#visit = visit;
    stop.onStop(() => this.#pause.stop());
    this.ended = this.#goRound();
  }

  comeEarly(): void {
    if (this.#clock.now() - this.#visitedAt >= leastMilliseconds) this.#pause.stop();
  }

  async #goRound(): Promise<void> {
    while (!this.#stop.stopped) {
      this.#pause = new StopSource();
      this.#visitedAt = this.#clock.now();
      const milliseconds = await this.#visit().then(
        () => visitMilliseconds,
        () => retryMilliseconds,
      );
      if (!this.#stop.stopped) await this.#clock.sleep(milliseconds, this.#pause.signal);
    }
  }
}
