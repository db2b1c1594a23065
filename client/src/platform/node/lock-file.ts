import { DatabaseSync } from "node:sqlite";
import type { Clock, DeviceLock, HeldLock } from "../../core/platform.ts";

/**
 * One writer per folder. The lock is the operating system's, held through an open SQLite file, so it ends with the process however that ends,
 * `kill -9` included, and leaves nothing to clear away. Cannot be stolen.
 */
export function lockFile(path: string, clock: Clock): DeviceLock {
  return {
    async take({ wait, stop }) {
      const until = wait === null ? Number.POSITIVE_INFINITY : clock.now() + wait;
      for (;;) {
        const held = tryLock(path);
        if (held !== null) return held;
        const left = until - clock.now();
        if (left <= 0 || stop?.stopped === true) return null;
        await clock.sleep(Math.min(retryMilliseconds, left), stop);
      }
    },
  };
}

const retryMilliseconds = 25;

function tryLock(path: string): HeldLock | null {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return {
    release: async () => {
      if (database.isOpen) database.close();
    },
  };
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
}
