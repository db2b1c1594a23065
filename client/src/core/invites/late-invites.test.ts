import { expect, test } from "vitest";
import type { EngineParts } from "../engine.ts";
import type { InvitesMaker } from "../groups/engine.ts";
import { HallError } from "../problems.ts";
import { StopSource } from "../stop.ts";
import type { Groups } from "../sync/loaded-group.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { lateInvites } from "./late-invites.ts";

/** A program for invites that can be fetched once the network is there, and says what it was asked. */
function late(fetchable: { now: boolean }) {
  const asked: string[] = [];
  const clock = new ManualClock();
  const stop = new StopSource();
  const refuses = async (): Promise<never> => {
    throw new HallError("invite-unknown", "not part of this test");
  };
  const maker: InvitesMaker = {
    readInvite: refuses,
    open: async () => {
      asked.push("open");
      return {
        door: {
          preview: refuses,
          join: refuses,
          joining: async () => [],
          cancel: async (groupId) => void asked.push(`cancel ${groupId}`),
          make: refuses,
          list: async () => [],
          end: refuses,
          requests: async () => [],
          approve: refuses,
          refuse: refuses,
        },
        openRequests: async () => 3,
        settled: async () => void asked.push("settled"),
        closed: async () => void asked.push("closed"),
      };
    },
  };
  const invites = lateInvites(async () => {
    asked.push("fetch");
    if (!fetchable.now) throw new TypeError("no network");
    return maker;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that it looks at itself
  const parts = { clock, stop: stop.signal } as unknown as EngineParts;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only handed on
  const groups = {} as unknown as Groups;
  return { asked, clock, stop, opened: invites.open(parts, groups) };
}

test("it is fetched without being asked, opened once, and answers", async () => {
  const { asked, opened, stop } = late({ now: true });
  const invites = await opened;
  await Promise.all([invites.door.cancel("a"), invites.door.cancel("b")]);
  expect(await invites.openRequests("a")).toBe(3);
  await invites.settled();
  stop.stop();
  await invites.closed();
  expect(asked).toEqual(["fetch", "open", "cancel a", "cancel b", "settled", "closed"]);
});

test("where it cannot be fetched that is said, and it is tried again: when asked, and by itself", async () => {
  const fetchable = { now: false };
  const { asked, opened, clock, stop } = late(fetchable);
  const invites = await opened;
  await expect(invites.door.joining()).rejects.toMatchObject({ problem: "offline" });
  expect(await invites.openRequests("a")).toBe(0);
  await invites.settled();
  fetchable.now = true;
  expect(asked).not.toContain("open");
  clock.advance(30_000);
  await expect.poll(() => asked).toContain("open");
  expect(await invites.door.joining()).toEqual([]);
  stop.stop();
  await invites.closed();
});

test("closed before it came, nothing is opened any more", async () => {
  const { asked, opened, stop } = late({ now: true });
  stop.stop();
  const invites = await opened;
  await invites.closed();
  await expect(invites.door.joining()).rejects.toMatchObject({ problem: "locked" });
  expect(asked).not.toContain("open");
});

test("closing does not wait for what is being fetched", async () => {
  const stop = new StopSource();
  const invites = lateInvites(() => new Promise(() => {}));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that it looks at itself
  const parts = { clock: new ManualClock(), stop: stop.signal } as unknown as EngineParts;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only handed on
  const opened = await invites.open(parts, {} as unknown as Groups);
  stop.stop();
  await opened.closed();
  await expect(opened.door.joining()).rejects.toMatchObject({ problem: "locked" });
});
