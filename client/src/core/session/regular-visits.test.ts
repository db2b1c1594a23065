import { expect, test } from "vitest";
import { StopSource } from "../stop.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { RegularVisits } from "./regular-visits.ts";

const minute = 60_000;

function visits(fails: () => boolean = () => false) {
  const clock = new ManualClock();
  const stop = new StopSource();
  let count = 0;
  const regular = new RegularVisits({ clock, stop: stop.signal }, async () => {
    count += 1;
    if (fails()) throw new Error("the hall is away");
  });
  /** Lets all that can go on go on. */
  const after = async (milliseconds: number): Promise<number> => {
    clock.advance(milliseconds);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    return count;
  };
  return { regular, stop, after };
}

test("it comes at the start and every hour, and ends when stopped", async () => {
  const { regular, stop, after } = visits();
  expect(await after(0)).toBe(1);
  expect(await after(59 * minute)).toBe(1);
  expect(await after(minute)).toBe(2);
  stop.stop();
  await regular.ended;
  expect(await after(120 * minute)).toBe(2);
});

test("asked to come early it comes, but not sooner than five minutes after the last time", async () => {
  const { regular, stop, after } = visits();
  await after(5 * minute - 1);
  regular.comeEarly();
  expect(await after(0)).toBe(1);
  await after(1);
  regular.comeEarly();
  expect(await after(0)).toBe(2);
  regular.comeEarly();
  expect(await after(0)).toBe(2);
  stop.stop();
  await regular.ended;
});

test("what fails is tried again after a minute", async () => {
  let away = true;
  const { regular, stop, after } = visits(() => away);
  expect(await after(0)).toBe(1);
  expect(await after(minute)).toBe(2);
  away = false;
  expect(await after(minute)).toBe(3);
  expect(await after(59 * minute)).toBe(3);
  stop.stop();
  await regular.ended;
});
