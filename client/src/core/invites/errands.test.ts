import { expect, test } from "vitest";
import type { Live, LiveState } from "../api/live.ts";
import type { Clock } from "../platform.ts";
import { HallError } from "../problems.ts";
import { orStopped, StopSource } from "../stop.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { Errands, type Attempt } from "./errands.ts";

/** A clock that sleeps until told, and a connection that says what it is told to. */
function world() {
  const stop = new StopSource();
  const sleepers = new Set<() => void>();
  const listeners = new Set<() => void>();
  let state: LiveState = "offline";
  const clock: Clock = {
    now: () => 0,
    sleep: (_, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(wake);
          resolve("slept");
        };
        sleepers.add(wake);
        signal?.onStop(() => {
          sleepers.delete(wake);
          resolve("stopped");
        });
      }),
  };
  const live: Pick<Live, "state" | "onState"> = {
    state: () => state,
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const errands = new Errands({ live, clock, random: seededRandom(1), stop: stop.signal });
  const become = (next: LiveState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const morning = (): void => {
    for (const wake of sleepers) wake();
  };
  return { errands, stop, become, morning, sleepers };
}

const offline = async (): Promise<Attempt> => {
  throw new HallError("offline", "the hall cannot be reached");
};

test("what cannot be done offline is done as soon as the hall is there again, and resting counts as settled", async () => {
  const { errands, become } = world();
  let reached = false;
  let attempts = 0;
  errands.run("send", async () => {
    attempts += 1;
    return reached ? "done" : offline();
  });
  await errands.settled();
  expect(attempts).toBe(1);
  reached = true;
  become("online");
  await errands.settled();
  expect(attempts).toBe(2);
  become("online");
  await errands.settled();
  expect(attempts).toBe(2);
});

test("an errand that waits is tried again after its pause; one that cannot succeed is not", async () => {
  const { errands, morning } = world();
  const tried = { later: 0, never: 0 };
  errands.run("later", async () => (++tried.later < 3 ? "again-later" : "done"));
  errands.run("never", async () => {
    tried.never += 1;
    throw new HallError("not-a-facilitator", "only facilitators do this");
  });
  for (let day = 0; day < 5; day++) {
    await errands.settled();
    morning();
    await Promise.resolve();
  }
  expect(tried).toEqual({ later: 3, never: 1 });
});

test("asked for while it runs, an errand runs once more, with the newer work, never two at a time", async () => {
  const { errands } = world();
  const first = Promise.withResolvers<void>();
  const done: string[] = [];
  errands.run("read", async () => {
    await first.promise;
    done.push("first");
    return "done";
  });
  for (const name of ["second", "third"])
    errands.run("read", async () => {
      done.push(name);
      return "done";
    });
  expect(done).toEqual([]);
  first.resolve();
  await errands.settled();
  expect(done).toEqual(["first", "third"]);
});

test("asked for at the very moment it ends, an errand runs once more", async () => {
  for (let microtasks = 0; microtasks < 12; microtasks++) {
    const { errands } = world();
    let ran = 0;
    const work = async (): Promise<Attempt> => {
      ran += 1;
      return "done";
    };
    errands.run("read", work);
    for (let passed = 0; passed < microtasks; passed++) await Promise.resolve();
    errands.run("read", work);
    await errands.settled();
    expect(ran, `${microtasks} microtasks later`).toBe(2);
  }
});

test("a failure of the program itself is said by whoever waits for everything to settle, once", async () => {
  const { errands } = world();
  errands.run("read", async () => {
    throw new TypeError("this program is wrong");
  });
  await expect(errands.settled()).rejects.toThrow("this program is wrong");
  await errands.settled();
});

test("a dropped errand rests no longer, and nothing begins on a device that is closed", async () => {
  const { errands, stop, sleepers } = world();
  errands.run("send", offline);
  await errands.settled();
  errands.drop("send");
  await Promise.resolve();
  expect(sleepers.size).toBe(0);
  stop.stop();
  let ran = false;
  errands.run("late", async () => {
    ran = true;
    return "done";
  });
  await errands.settled();
  expect(ran).toBe(false);
});

test("who waits for what never comes is told when the device is closed", async () => {
  const stop = new StopSource();
  const waiting = orStopped(new Promise<never>(() => {}), stop.signal);
  stop.stop();
  await expect(waiting).rejects.toMatchObject({ problem: "locked" });
  expect(await orStopped(Promise.resolve(1), new StopSource().signal)).toBe(1);
});
