import { expect, test } from "vitest";
import { HallError, type Change } from "../core/index.ts";
import type { Clock } from "../core/platform.ts";
import { ManualClock } from "../core/testing/manual-clock.ts";
import { MemoryLock } from "../platform/memory/memory-lock.ts";
import { timerClock } from "../platform/web/timer-clock.ts";
import type { FromCore, Line, ToCore } from "./messages.ts";
import { remoteUnionhall } from "./remote.ts";
import { Tab, type TabMessage, type WakeableHall } from "./tabs.ts";

/** One browser: the tabs' common lock and channel, and what was opened by whom. */
class Browser {
  readonly lock = new MemoryLock();
  readonly #listeners = new Map<string, (message: TabMessage) => void>();
  readonly #frozen = new Set<string>();
  readonly opened: string[] = [];

  readonly closed: string[] = [];

  tab(
    name: string,
    hall: (name: string) => Partial<WakeableHall>,
    clock: Clock = timerClock,
    openable: Promise<void> = Promise.resolve(),
  ): WakeableHall {
    const toPage: ((message: FromCore) => void)[] = [];
    const toCore: ((message: ToCore) => void)[] = [];
    const page: Line<FromCore, ToCore> = {
      send: (message) => queueMicrotask(() => toPage.forEach((listener) => listener(message))),
      listen: (listener) => toCore.push(listener),
    };
    const tabs: Line<TabMessage, TabMessage> = {
      send: (message) => {
        if (this.#frozen.has(name)) return;
        for (const [other, listener] of this.#listeners)
          if (other !== name && !this.#frozen.has(other)) queueMicrotask(() => listener(structuredClone(message)));
      },
      listen: (listener) => this.#listeners.set(name, listener),
    };
    const open = async (): Promise<WakeableHall> => {
      this.opened.push(name);
      await openable;
      const close = async (): Promise<void> => void this.closed.push(name);
      return hallOf({ close, ...hall(name) });
    };
    void new Tab({ name, page, tabs, lock: this.lock, clock, open });
    const remote = remoteUnionhall({
      send: (message) => queueMicrotask(() => toCore.forEach((listener) => listener(message))),
      listen: (listener) => toPage.push(listener),
    });
    return { ...remote, wake: () => toCore.forEach((listener) => listener({ kind: "wake" })) };
  }

  /** The tab is closed: it says nothing more, and its lock goes to the next in line. */
  kill(name: string): void {
    this.#listeners.delete(name);
    this.#frozen.add(name);
    this.lock.releaseNow();
  }

  freeze(name: string): void {
    this.#frozen.add(name);
  }

  thaw(name: string): void {
    this.#frozen.delete(name);
  }
}

const changes = new Map<WakeableHall, (change: Change) => void>();

function hallOf(parts: Partial<WakeableHall>): WakeableHall {
  const listeners = new Set<(change: Change) => void>();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what the tests call is there
  const hall = {
    session: {},
    groups: {},
    invites: {},
    topics: {},
    subscribe: (listener: (change: Change) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {},
    ...parts,
  } as unknown as WakeableHall;
  changes.set(hall, (change) => listeners.forEach((listener) => listener(change)));
  return hall;
}

/** A hall of which only these methods are there. */
function only(doors: { readonly [D in keyof WakeableHall]?: object }): Partial<WakeableHall> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests call no others
  return doors as Partial<WakeableHall>;
}

/** Lets whatever is ready go on. */
const settledMicrotasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const namedBy = (name: string): Partial<WakeableHall> => only({ topics: { draft: async () => name } });

test("the second tab works through the first, and only one opens the device", async () => {
  const browser = new Browser();
  const first = browser.tab("first", namedBy);
  expect(await first.topics.draft("g", null)).toBe("first");
  const second = browser.tab("second", namedBy);
  expect(await second.topics.draft("g", null)).toBe("first");
  expect(browser.opened).toEqual(["first"]);
});

test("looking at any tab wakes the one that leads, and no other", async () => {
  const browser = new Browser();
  const woken: string[] = [];
  const waking = (name: string): Partial<WakeableHall> => ({ ...namedBy(name), wake: () => void woken.push(name) });
  const first = browser.tab("first", waking);
  await first.topics.draft("g", null);
  const second = browser.tab("second", waking);
  await second.topics.draft("g", null);
  second.wake();
  await settledMicrotasks();
  expect(woken).toEqual(["first"]);
  first.wake();
  await settledMicrotasks();
  expect(woken).toEqual(["first", "first"]);
});

test("refusals and changes cross from the leading tab to the others", async () => {
  const browser = new Browser();
  let leading: WakeableHall | null = null;
  const refusing = (): Partial<WakeableHall> => {
    leading = hallOf(
      only({
        session: {
          unlock: async () => {
            throw new HallError("wrong-passphrase", "another one");
          },
        },
      }),
    );
    return leading;
  };
  const first = browser.tab("first", refusing);
  const second = browser.tab("second", refusing);
  await expect(second.session.unlock("x")).rejects.toMatchObject({ problem: "wrong-passphrase" });
  const seen: string[] = [];
  first.subscribe(({ kind }) => seen.push(`first ${kind}`));
  second.subscribe(({ kind }) => seen.push(`second ${kind}`));
  if (leading !== null) changes.get(leading)?.({ kind: "groups" });
  await expect.poll(() => seen).toEqual(expect.arrayContaining(["first groups", "second groups"]));
});

test("when the leading tab dies, the next one leads: what was only read is asked again, what was being done is said to be unknown", async () => {
  const browser = new Browser();
  const busy: string[] = [];
  const stuck = (name: string): Partial<WakeableHall> =>
    only({
      topics: {
        draft: () => {
          busy.push(`${name} draft`);
          return name === "first" ? new Promise(() => {}) : Promise.resolve(name);
        },
        saveDraft: () => {
          busy.push(`${name} saveDraft`);
          return new Promise(() => {});
        },
      },
    });
  browser.tab("first", stuck);
  const second = browser.tab("second", stuck);
  const read = second.topics.draft("g", null);
  const write = second.topics.saveDraft("g", null, "text");
  await expect.poll(() => busy).toEqual(["first draft", "first saveDraft"]);
  browser.kill("first");
  expect(await read).toBe("second");
  await expect(write).rejects.toMatchObject({ problem: "timed-out" });
  expect(busy).toEqual(["first draft", "first saveDraft", "second draft"]);
});

test("what is asked before any tab leads is done once there is one, and only once", async () => {
  const browser = new Browser();
  const held = await browser.lock.take({ wait: null, lost: () => {} });
  let saved = 0;
  const second = browser.tab("second", () =>
    only({
      topics: {
        saveDraft: async () => {
          saved += 1;
        },
      },
    }),
  );
  const write = second.topics.saveDraft("g", null, "text");
  await held?.release();
  await write;
  expect(saved).toBe(1);
});

test("a leading tab that was frozen loses the device, closes its hall when it wakes, and follows", async () => {
  const browser = new Browser();
  let closed = 0;
  const closing = (name: string): Partial<WakeableHall> => ({
    ...namedBy(name),
    close: async () => {
      closed += 1;
    },
  });
  const first = browser.tab("first", closing);
  await first.topics.draft("g", null);
  browser.freeze("first");
  let now = 0;
  const impatient: Clock = {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
      return "slept";
    },
  };
  const second = browser.tab("second", closing, impatient);
  expect(await second.topics.draft("g", null)).toBe("second");
  expect(browser.opened).toEqual(["first", "second"]);
  browser.thaw("first");
  await expect.poll(() => closed).toBe(1);
  expect(await first.topics.draft("g", null)).toBe("second");
});

test("a tab that cannot open the device says so, leaves it to others, and can once the trouble is over", async () => {
  const browser = new Browser();
  let broken = true;
  const first = browser.tab("first", (name) => {
    if (broken) throw new Error("the database cannot be opened");
    return namedBy(name);
  });
  await expect(first.topics.draft("g", null)).rejects.toMatchObject({ problem: "program-fault" });
  const second = browser.tab("second", namedBy);
  expect(await second.topics.draft("g", null)).toBe("second");
  expect(await first.topics.draft("g", null)).toBe("second");
  browser.kill("second");
  broken = false;
  expect(await first.topics.draft("g", null)).toBe("first");
});

test("a tab that takes longer to open the device than others are patient does not take it from itself", async () => {
  const browser = new Browser();
  const clock = new ManualClock();
  const opening = Promise.withResolvers<void>();
  const first = browser.tab("first", namedBy, clock, opening.promise);
  const asked = first.topics.draft("g", null);
  for (let seconds = 0; seconds < 30; seconds += 2) {
    await settledMicrotasks();
    clock.advance(2_000);
  }
  await settledMicrotasks();
  opening.resolve();
  expect(await asked).toBe("first");
  expect(browser.opened).toEqual(["first"]);
  expect(browser.closed).toEqual([]);
});

test("a tab from which the device was taken while it opened it does not lead", async () => {
  const browser = new Browser();
  const opening = Promise.withResolvers<void>();
  browser.tab("first", namedBy, timerClock, opening.promise);
  await expect.poll(() => browser.opened).toEqual(["first"]);
  await browser.lock.take({ wait: null, steal: true, lost: () => {} });
  opening.resolve();
  await expect.poll(() => browser.closed).toEqual(["first"]);
  browser.lock.releaseNow();
  await expect.poll(() => browser.opened).toEqual(["first", "first"]);
});
