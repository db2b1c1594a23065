import { HallError } from "./problems.ts";

/** Says that work is no longer wanted. Core's own, because core knows neither the DOM nor Node. */
export interface StopSignal {
  readonly stopped: boolean;
  /** Calls `listener` once when stopped; at once if it already is. Returns the way to stop listening. */
  onStop(listener: () => void): () => void;
}

/** The hand that stops; give away only its {@link StopSource.signal}. */
export class StopSource {
  readonly signal: StopSignal;
  readonly #listeners = new Set<() => void>();
  #stopped = false;

  constructor() {
    const isStopped = (): boolean => this.#stopped;
    this.signal = {
      get stopped() {
        return isStopped();
      },
      onStop: (listener) => this.#onStop(listener),
    };
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }

  #onStop(listener: () => void): () => void {
    if (this.#stopped) {
      listener();
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * The same promise, or a rejection with `locked` as soon as the device is locked or closed: what waits for the network may never be settled then.
 */
export async function orStopped<T>(work: Promise<T>, stop: StopSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const forget = stop.onStop(() => stopped.reject(new HallError("locked", "the device was closed meanwhile")));
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    forget();
  }
}
