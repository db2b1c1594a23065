import type { Clock } from "../clock.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { keyOf } from "../groups/group-key.ts";

/** In which groups an era started less than 5 s ago (rule 2). In memory only: after a restart no grace is open. */
export class EraGrace {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(groupId: Uint8Array): void {
    const now = this.#clock();
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
    this.#until.set(keyOf(groupId), now + groupLimits.graceSeconds * 1000);
  }

  isOpen(groupId: Uint8Array): boolean {
    return this.#clock() < (this.#until.get(keyOf(groupId)) ?? 0);
  }
}
