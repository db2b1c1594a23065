/**
 * A lane runs one piece of work after the other; never wait for it inside. Each group has one for what is stored about it: everything that reads
 * and then changes that runs there, so that no two changes start from the same state, and nothing in it waits for the network.
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
