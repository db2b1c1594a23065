import type { DeviceLock, HeldLock } from "../../core/platform.ts";

interface Turn {
  readonly lost: () => void;
  readonly grant: (held: HeldLock | null) => void;
}

/** A lock among the platforms of one process that share it. First come, first served; a thief goes first. */
export class MemoryLock implements DeviceLock {
  #holder: Turn | null = null;
  #waiting: Turn[] = [];

  take(options: Parameters<DeviceLock["take"]>[0]): Promise<HeldLock | null> {
    return new Promise((grant) => {
      const turn = { lost: options.lost, grant };
      if (options.steal === true) {
        const robbed = this.#holder;
        this.#give(turn);
        robbed?.lost();
      } else if (this.#holder === null) this.#give(turn);
      else if (options.wait === 0 || options.stop?.stopped === true) grant(null);
      else {
        this.#waiting.push(turn);
        options.stop?.onStop(() => this.#leave(turn));
      }
    });
  }

  /** As when the holder dies: it is not told, and the next in line gets the lock. */
  releaseNow(): void {
    this.#holder = null;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#give(next);
  }

  #give(turn: Turn): void {
    this.#holder = turn;
    turn.grant({
      release: async () => {
        if (this.#holder === turn) this.releaseNow();
      },
    });
  }

  #leave(turn: Turn): void {
    if (!this.#waiting.includes(turn)) return;
    this.#waiting = this.#waiting.filter((other) => other !== turn);
    turn.grant(null);
  }
}
