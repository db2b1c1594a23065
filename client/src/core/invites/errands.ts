import type { Live } from "../api/live.ts";
import type { Clock, Random } from "../platform.ts";
import { HallError } from "../problems.ts";
import { StopSource, type StopSignal } from "../stop.ts";
import { retryPause } from "../sync/retry-pause.ts";

/** What an errand says of one attempt that did not fail. */
export type Attempt = "done" | "again-later";

export interface ErrandParts {
  readonly live: Pick<Live, "state" | "onState">;
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
  /** It waits for the network or the next attempt, and has not been woken. */
  resting: boolean;
}

/**
 * Work that nobody waits for and that must get done: one attempt after the other, with pauses where the hall cannot be reached, at once when it
 * can be reached again. One errand per name at a time.
 */
export class Errands {
  readonly #parts: ErrandParts;
  readonly #byName = new Map<string, Errand>();
  /** Also those that were dropped and are still in their last attempt. */
  readonly #all = new Set<Errand>();
  #waiting: (() => void)[] = [];
  /** The first failure that was neither the network's nor the hall's. */
  #fault: { readonly error: unknown } | null = null;

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
    const running = this.#byName.get(name);
    if (running === undefined) {
      const errand: Errand = { work, again: false, rest: new StopSource(), resting: false };
      this.#byName.set(name, errand);
      this.#all.add(errand);
      void this.#carryOut(name, errand);
      return;
    }
    running.work = work;
    running.again = true;
    wake(running);
  }

  /** Forgets an errand; an attempt under way comes to its end. */
  drop(name: string): void {
    const errand = this.#byName.get(name);
    this.#byName.delete(name);
    if (errand !== undefined) wake(errand);
  }

  /** Ends all rests. */
  wake(): void {
    for (const errand of this.#byName.values()) wake(errand);
  }

  /** Resolves when no attempt is under way; what rests does not count. @throws what failed meanwhile and is no {@link HallError} */
  async settled(): Promise<void> {
    await this.ended();
    const fault = this.#fault;
    this.#fault = null;
    if (fault !== null) throw fault.error;
  }

  /** As {@link settled}, without complaint. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#tellWaiting();
    });
  }

  async #carryOut(name: string, errand: Errand): Promise<void> {
    const isWanted = (): boolean => this.#byName.get(name) === errand && !this.#parts.stop.stopped;
    for (let attempt = 0; isWanted();) {
      errand.rest = new StopSource();
      errand.again = false;
      const outcome = await this.#attempted(errand.work);
      if (errand.again) continue;
      if (outcome === "done" || !isWanted()) break;
      errand.resting = !errand.rest.signal.stopped;
      this.#tellWaiting();
      await this.#parts.clock.sleep(retryPause(attempt++, this.#parts.random), errand.rest.signal);
      errand.resting = false;
    }
    if (this.#byName.get(name) === errand) this.#byName.delete(name);
    this.#all.delete(errand);
    this.#tellWaiting();
  }

  /** A failure that may pass is tried again; one that will not has been dealt with by the work itself, or leaves things as they are. */
  async #attempted(work: () => Promise<Attempt>): Promise<Attempt> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HallError) && !this.#parts.stop.stopped) this.#fault ??= { error };
      return mayPass(error) ? "again-later" : "done";
    }
  }

  #tellWaiting(): void {
    if ([...this.#all].some(({ resting }) => !resting)) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function wake(errand: Errand): void {
  errand.resting = false;
  errand.rest.stop();
}

/** Whether trying later can help: the hall was not reached, or was busy, or its reply made no sense. */
export function mayPass(error: unknown): boolean {
  return error instanceof HallError && passing.has(error.problem);
}

const passing: ReadonlySet<string> = new Set(["offline", "server-busy", "server-lies", "quota-spent", "timed-out"]);
