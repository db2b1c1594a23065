import type { Unionhall } from "./unionhall.ts";

/**
 * Reads as often as something changes in the hall, and resolves with the first value that holds: for programs that wait for others, without a
 * limit of its own. Throws what `read` throws.
 */
export async function until<T>(
  hall: Pick<Unionhall, "subscribe">,
  read: () => Promise<T>,
  holds: (value: T) => boolean,
): Promise<T> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stop = hall.subscribe(() => changed.resolve());
    try {
      const value = await read();
      if (holds(value)) return value;
      await changed.promise;
    } finally {
      stop();
    }
  }
}
