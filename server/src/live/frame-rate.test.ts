import { afterAll, beforeAll, expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import { closeCodes } from "../contract/live.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { bytes } from "../groups/testing/test-group.ts";
import { createFrameRate } from "./frame-rate.ts";

const { framesAtOnce, framesPerSecond } = groupLimits;

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create({ rateLimits: true });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test("so many frames are taken at once, then as many as come back with time, and long ones cost more", () => {
  let now = 0;
  const rate = createFrameRate(() => now);
  const taken = (frames: number, size = 100) => Array.from({ length: frames }, () => rate.take(size));
  expect(taken(framesAtOnce).every(Boolean)).toBe(true);
  expect(taken(1)).toEqual([false]);
  now += 1_000;
  expect(taken(framesPerSecond + 1)).toEqual([...Array.from({ length: framesPerSecond }, () => true), false]);
  now += 3_600_000;
  expect(taken(framesAtOnce + 1).lastIndexOf(true)).toBe(framesAtOnce - 1);
  now += 3_600_000;
  const ofLargest = 1 + Math.floor(groupLimits.frameBytes / 65_536);
  expect(taken(100, groupLimits.frameBytes).lastIndexOf(true)).toBe(Math.floor(framesAtOnce / ofLargest) - 1);
});

/** Frames that cost the hall something and need nothing. */
async function send(client: Awaited<ReturnType<GroupWorld["connect"]>>, frames: number): Promise<Set<string>> {
  const group = bytes(32);
  const kinds = ["unwatch", "unsubscribe", "stop-await"] as const;
  const asked = Array.from({ length: frames }, async (_, index) => {
    const kind = kinds[index % 3] ?? "unwatch";
    return client.ask(kind === "unwatch" ? { kind, mailbox: bytes(16) } : { kind, group });
  });
  return new Set((await Promise.all(asked)).map((answer) => answer.kind));
}

test.each([
  [framesAtOnce - 1, "one below the limit"],
  [framesAtOnce, "at the limit"],
])("a stranger's %i frames, %s, are answered", async (frames) => {
  const client = await world.connect();
  expect(await send(client, frames)).toEqual(new Set(["done"]));
  client.close();
  expect(await client.closed).toBe(1005);
});

test("one frame above the limit ends the connection with its code, and another connection goes on", async () => {
  const [flooding, other] = [await world.connect(), await world.connect()];
  await send(flooding, framesAtOnce);
  void flooding.ask({ kind: "unwatch", mailbox: bytes(16) });
  expect(await flooding.closed).toBe(closeCodes.tooManyRequests);
  expect(await send(other, 1)).toEqual(new Set(["done"]));
});

test("a connection may begin with all that it may have: every subscription, label and mailbox", () => {
  const { subscriptionsPerSocket, awaitsPerSocket, watchesPerSocket } = groupLimits;
  expect(subscriptionsPerSocket + awaitsPerSocket + watchesPerSocket).toBeLessThanOrEqual(framesAtOnce / 2);
});
