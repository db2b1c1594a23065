import type { Live } from "../api/live.ts";
import type { Clock, Random } from "../platform.ts";
import { HallError } from "../problems.ts";
import { StopSource, type StopSignal } from "../stop.ts";
import { Activity } from "../sync/activity.ts";
import { retryPause } from "../sync/retry-pause.ts";

/** What an errand says of one attempt that did not fail. */
export type Attempt = "done" | "again-later";

export interface ErrandParts {
  readonly live: Live;
  readonly clock: Clock;
  readonly random: Random;
  readonly stop: StopSignal;
}

interface Errand {
  work: () => Promise<Attempt>;
  /** Asked for once more while it ran. */
  again: boolean;
  /** Ends its rest. */
  rest: StopSource;
}

/**
 * Work that nobody waits for and that must get done: one attempt after the other, with pauses where the hall cannot be reached, at once when it
 * can be reached again. One errand per name at a time.
 */
export class Errands {
  readonly #parts: ErrandParts;
  readonly #errands = new Map<string, Errand>();
  readonly #activity = new Activity();

  constructor(parts: ErrandParts) {
    this.#parts = parts;
    const forget = parts.live.onState(() => {
      if (parts.live.state() === "online") this.wake();
    });
    parts.stop.onStop(() => {
      forget();
      this.wake();
    });
  }

  /** Runs `work` until it is done. Under a name that runs already: once more after that. Problems that waiting cannot mend end it. */
  run(name: string, work: () => Promise<Attempt>): void {
    if (this.#parts.stop.stopped) return;
    const running = this.#errands.get(name);
    if (running === undefined) {
      const errand: Errand = { work, again: false, rest: new StopSource() };
      this.#errands.set(name, errand);
      void this.#carryOut(name, errand);
      return;
    }
    running.work = work;
    running.again = true;
    running.rest.stop();
  }

  /** Forgets an errand; an attempt under way comes to its end. */
  drop(name: string): void {
    const errand = this.#errands.get(name);
    this.#errands.delete(name);
    errand?.rest.stop();
  }

  /** Ends all rests. */
  wake(): void {
    for (const { rest } of this.#errands.values()) rest.stop();
  }

  /** Resolves when no attempt is under way; what rests does not count. */
  settled(): Promise<void> {
    return this.#activity.whenIdle();
  }

  async #carryOut(name: string, errand: Errand): Promise<void> {
    for (let attempt = 0; this.#errands.get(name) === errand && !this.#parts.stop.stopped; attempt++) {
      errand.rest = new StopSource();
      const outcome = await this.#activity.run(() => this.#attempt(errand));
      if (outcome === "done" || this.#parts.stop.stopped) break;
      await this.#parts.clock.sleep(retryPause(attempt, this.#parts.random), errand.rest.signal);
    }
    if (this.#errands.get(name) === errand) this.#errands.delete(name);
  }

  async #attempt(errand: Errand): Promise<Attempt> {
    for (;;) {
      errand.again = false;
      const outcome = await attempted(errand.work);
      if (!errand.again || this.#parts.stop.stopped) return outcome;
    }
  }
}

/** A failure that may pass is tried again; one that will not has been dealt with by the work itself, or leaves things as they are. */
async function attempted(work: () => Promise<Attempt>): Promise<Attempt> {
  try {
    return await work();
  } catch (error) {
    return mayPass(error) ? "again-later" : "done";
  }
}

/** Whether trying later can help: the hall was not reached, or was busy, or its reply made no sense. */
export function mayPass(error: unknown): boolean {
  return error instanceof HallError && passing.has(error.problem);
}

const passing: ReadonlySet<string> = new Set(["offline", "server-busy", "server-lies", "quota-spent", "timed-out"]);

/**
 * The same promise, or a rejection with `locked` as soon as the device is locked or closed: what waits for the network may never be settled then.
 */
export function orStopped<T>(work: Promise<T>, stop: StopSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = stop.onStop(() => reject(new HallError("locked", "the device was closed meanwhile")));
    work.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}
