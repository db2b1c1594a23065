import { HallError } from "../problems.ts";
import type { Proposed } from "./group-act.ts";

/** So many milliseconds somebody waits for a hall that says "later" each time. A removal keeps the chain free for 60 s. */
const longestWait = 150_000;

export interface Waiting {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly resolve: (proposed: Proposed) => void;
  readonly reject: (error: unknown) => void;
}

/** Who waits here for acts on a group's chain, by the numbers of the stored requests. What is stored goes on without them. */
export class AwaitedActs {
  readonly #waiting = new Map<number, Waiting>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  has(number: number): boolean {
    return this.#waiting.has(number);
  }

  set(number: number, waiting: Waiting): void {
    this.#waiting.set(number, waiting);
  }

  /** Takes back what was {@link set}: whoever waits hears of it in another way. */
  unset(number: number, waiting: Waiting): void {
    if (this.#waiting.get(number) === waiting) this.#waiting.delete(number);
  }

  /** Tells whoever waits what became of the request. */
  settle(number: number, outcome: Proposed | HallError): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (outcome instanceof HallError) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
  }

  /** Nobody waits for it any longer, as the hall has said "later" for too long. `now`: milliseconds since 1970. */
  leaveIfLate(number: number, now: number): void {
    const since = this.#waiting.get(number)?.since;
    if (since !== undefined && now - since > longestWait) this.#leave(number);
  }

  leaveAll(): void {
    for (const number of this.#waiting.keys()) this.#leave(number);
  }

  /** The device is closed, or the group is over. */
  close(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new HallError("locked", "the device was closed meanwhile"));
  }

  #leave(number: number): void {
    this.settle(number, new HallError("timed-out", "the hall has not said whether it took the entry"));
  }
}
