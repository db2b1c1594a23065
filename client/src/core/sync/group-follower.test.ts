import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../api/api.ts";
import { HallError, type HallProblem } from "../problems.ts";
import { ChainProposals } from "./chain-proposals.ts";
import { GroupFollower } from "./group-follower.ts";
import { GroupServer } from "./group-server.ts";
import type { GroupParts } from "./group-parts.ts";
import { groups } from "./group-store.ts";
import { HeldGroup } from "./held-group.ts";
import { Outbox } from "./outbox.ts";
import { listeningHall, type ListeningHall } from "./testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

/** Acts on a device that has no room left to put them away. */
class OnFullDevice extends ChainProposals {
  left = 0;

  override async giveUpUnsent(): Promise<void> {
    throw new HallError("storage-full", "this device has no room left");
  }

  override async settleShown(): Promise<void> {
    throw new HallError("storage-full", "this device has no room left");
  }

  override leaveWaiting(): void {
    this.left += 1;
    super.leaveWaiting();
  }
}

/** A group of Ana's, her acts on a full device, and a hall that answers everything with this. */
async function onFullDevice(problem: HallProblem): Promise<{
  readonly parts: GroupParts;
  readonly held: HeldGroup;
  readonly proposals: OnFullDevice;
}> {
  const ana = await hall.person("Ana");
  await ana.hall.settled();
  const given = await ana.parts();
  const api: Api = {
    call: async () => {
      throw new HallError(problem, "as the test says");
    },
  };
  const parts = { ...given, api };
  const [stored] = await parts.store.map(groups).entries();
  if (stored === undefined) throw new TypeError("Ana has a notebook");
  const held = await HeldGroup.load(parts.store, { emit: () => {}, told: () => {} }, stored.value);
  return { parts, held, proposals: new OnFullDevice(parts, held) };
}

function followerOf({ parts, held, proposals }: Awaited<ReturnType<typeof onFullDevice>>): GroupFollower {
  const server = new GroupServer(held.groupId, parts.api, parts.origin);
  return new GroupFollower(parts, {
    held,
    server,
    outbox: new Outbox(parts, held),
    proposals,
    current: async () => {},
  });
}

test("on a full device without a network following goes on, and ends when it is stopped", async () => {
  const group = await onFullDevice("offline");
  const follower = followerOf(group);
  expect(await follower.firstResult()).toMatchObject({ problem: "offline" });
  follower.stop();
  await follower.done;
  expect(group.proposals.left).toBeGreaterThan(0);
});

test("on a full device the following of a group that is gone ends, and nobody waits for it", async () => {
  const group = await onFullDevice("group-unknown");
  const follower = followerOf(group);
  await follower.done;
  expect(group.proposals.left).toBeGreaterThan(0);
  expect(follower.isBlocked).toBe(true);
});

test("on a full device nobody waits for ever for an act that cannot be put away", async () => {
  const { proposals } = await onFullDevice("offline");
  const { settled } = await proposals.add([{ kind: "leave" }]);
  await expect(proposals.leaveSent()).rejects.toMatchObject({ problem: "storage-full" });
  await expect(settled).rejects.toMatchObject({ problem: "timed-out" });
});
