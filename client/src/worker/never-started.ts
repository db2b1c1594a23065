import { HallError } from "../core/index.ts";

/**
 * Rejects with HallError `offline` when the worker fails before it has said anything, which is when it or what it imports did not come; whatever
 * fails in it later is told to whoever asked for it.
 */
export function neverStarted(worker: Pick<EventTarget, "addEventListener">): Promise<never> {
  return new Promise((_, reject) => {
    const started = new AbortController();
    worker.addEventListener("message", () => started.abort(), { once: true });
    worker.addEventListener(
      "error",
      () => reject(new HallError("offline", "the program's worker or what it needs could not be fetched")),
      { signal: started.signal },
    );
  });
}
