import { expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import type { RefusedError } from "../groups/refusal.ts";
import { ManualTimers } from "../groups/testing/manual-timers.ts";
import { bytes } from "../groups/testing/test-group.ts";
import { createInProcessBus } from "./bus.ts";
import { FanOut, type Reader } from "./fan-out.ts";
import { Membership } from "./membership.ts";

const reader: Reader = { send: () => undefined, cutSlow: () => undefined };

function createMembership() {
  const fanOut = new FanOut({
    bus: createInProcessBus(),
    timers: new ManualTimers(),
    readMissing: async () => Promise.resolve({ era: 0, newestSeq: 0, items: [] }),
    onFailure: (error) => {
      throw error;
    },
  });
  const membership = new Membership(reader, fanOut);
  const subscribe = async (groupId = bytes(32)): Promise<void> =>
    membership.enter(groupId, { era: 0, id: "token" }, async () =>
      fanOut.subscribe(reader, groupId, { era: 0, after: 0 }, () => undefined),
    );
  return { membership, subscribe };
}

const codeOf = (error: unknown): unknown => (error as RefusedError).code;

test("a connection subscribes to 256 groups and no more, until it leaves one", async () => {
  const { membership, subscribe } = createMembership();
  const first = bytes(32);
  await subscribe(first);
  for (let count = 1; count < groupLimits.subscriptionsPerSocket; count += 1) await subscribe();
  expect(await subscribe().catch(codeOf)).toBe("too-many-requests");
  await subscribe(first);
  membership.leave(first);
  await subscribe();
  expect(await subscribe().catch(codeOf)).toBe("too-many-requests");
});

test("a connection watches 256 mailboxes and no more, until it stops watching one", () => {
  const { membership } = createMembership();
  const watched = new Set<number>();
  const mailboxes = Array.from({ length: groupLimits.watchesPerSocket + 1 }, () => bytes(16));
  const watch = (index: number): void => {
    membership.watch(mailboxes[index] ?? bytes(16), () => {
      watched.add(index);
      return () => watched.delete(index);
    });
  };
  for (let index = 0; index < groupLimits.watchesPerSocket; index += 1) watch(index);
  watch(0);
  expect(watched.size).toBe(groupLimits.watchesPerSocket);
  expect(() => {
    watch(groupLimits.watchesPerSocket);
  }).toThrow("too-many-requests");
  membership.unwatch(mailboxes[0] ?? bytes(16));
  watch(groupLimits.watchesPerSocket);
  expect(watched.size).toBe(groupLimits.watchesPerSocket);
  expect(watched.has(0)).toBe(false);
});
