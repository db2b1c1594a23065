/**
 * A lane runs one piece of work after the other. Each group has one: everything that reads and then changes what is stored about the group
 * runs in it, so that no two changes start from the same state. Never wait for the network inside, nor for the lane itself.
 */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();
  #queued = 0;

  /** Whether nothing runs or waits. */
  get idle(): boolean {
    return this.#queued === 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#queued += 1;
    const result = this.#last.then(work).finally(() => {
      this.#queued -= 1;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
