/** What a follower is doing, for those who wait until it does something else. */
export class FollowingPhase {
  #now: "catching-up" | "following" | "resting" | "over" = "catching-up";
  #waiting: (() => void)[] = [];

  /** `resting`: after a failure, before the next attempt. `over`: for good. */
  get now(): "catching-up" | "following" | "resting" | "over" {
    return this.#now;
  }

  enter(phase: "catching-up" | "following" | "resting" | "over"): void {
    this.#now = phase;
    this.changed();
  }

  /** Wakes those who wait, also for something beside the phase. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves with the next change. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
