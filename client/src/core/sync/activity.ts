/** Counts pieces of work under way and says when there is none: behind `settled()`. */
export class Activity {
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #fault: { readonly error: unknown } | null = null;

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const resolve of waiting) resolve();
      }
    }
  }

  /** Work that nobody waits for. A failure is kept for {@link throwFault}. */
  background(work: () => Promise<void>): void {
    this.run(work).catch((error: unknown) => this.keepFault(error));
  }

  /** The first failure is kept; those that follow from it say less. */
  keepFault(error: unknown): void {
    this.#fault ??= { error };
  }

  /** Throws what failed in the background since the last time, if anything did. */
  throwFault(): void {
    const fault = this.#fault;
    this.#fault = null;
    if (fault !== null) throw fault.error;
  }

  get idle(): boolean {
    return this.#underWay === 0;
  }

  /** Resolves when nothing is under way; at once when nothing is. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
