/** Does something later. */
export interface Timers {
  /** Returns the way to forget it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** Real time. Waiting does not keep the process alive. */
export const realTimers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
