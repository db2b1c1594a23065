import type { DeviceLock, HeldLock } from "../../core/platform.ts";

/** One writer across the tabs of this origin, by the Web Locks API. Ends with the tab, however that ends; can be stolen from a frozen one. */
export function webLock(name: string): DeviceLock {
  return {
    take({ wait, steal = false, stop, lost }) {
      return new Promise((granted) => {
        const waiting = new AbortController();
        const timer = wait === null || steal || wait === 0 ? undefined : setTimeout(() => waiting.abort(), wait);
        const forget = stop?.onStop(() => waiting.abort());
        const options: LockOptions = steal
          ? { steal }
          : wait === 0
            ? { ifAvailable: true }
            : { signal: waiting.signal };
        let held = false;
        let released = false;
        navigator.locks
          .request(name, options, (lock) => {
            clearTimeout(timer);
            forget?.();
            if (lock === null) return granted(null);
            held = true;
            return new Promise<void>((release) => {
              granted(
                heldLock(() => {
                  released = true;
                  release();
                }),
              );
            });
          })
          .catch(() => {
            // Refused while waiting: stopped or too late. Refused while held: stolen.
            if (!held) granted(null);
            else if (!released) lost();
          });
      });
    },
  };
}

function heldLock(release: () => void): HeldLock {
  return { release: async () => release() };
}
