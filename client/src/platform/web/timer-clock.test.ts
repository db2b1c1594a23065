import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StopSource } from "../../core/stop.ts";
import { timerClock } from "./timer-clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const day = 86_400_000;

test("a wait that is longer than any timer is waited to its end", async () => {
  let ended = "";
  const sleeping = timerClock.sleep(60 * day).then((how) => (ended = how));
  await vi.advanceTimersByTimeAsync(59 * day);
  expect(ended).toBe("");
  await vi.advanceTimersByTimeAsync(day);
  expect(await sleeping).toBe("slept");
});

test("a long wait ends at once when it is stopped", async () => {
  const stop = new StopSource();
  const sleeping = timerClock.sleep(60 * day, stop.signal);
  await vi.advanceTimersByTimeAsync(30 * day);
  stop.stop();
  expect(await sleeping).toBe("stopped");
  expect(vi.getTimerCount()).toBe(0);
});
