import { afterAll, beforeAll, expect, test } from "vitest";
import { InviteWorld } from "./testing/invite-world.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test("a guest asks by a link, both see the same check words, a facilitator admits, and the group opens by itself", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  const link = await ana.link(groupId, { note: "for the depot" });
  const ben = world.stranger("Ben");
  expect(await ben.hall.invites.preview(link)).toMatchObject({
    groupId,
    groupName: "Waste services",
    inviterName: "Ana",
    history: "all",
    mode: "approval",
  });
  await ben.register(link);
  const asked = await ben.join(link, "From the night shift");
  expect(asked).toMatchObject({ kind: "waiting", groupId, groupName: "Waste services", inviterName: "Ana" });
  const requests = await ana.until(() => ana.hall.invites.requests(groupId), ({ length }) => length === 1);
  expect(requests).toMatchObject([
    { name: "Ben", union: "Ben's union", note: "From the night shift", accountId: ben.accountId },
  ]);
  expect(asked).toMatchObject({ checkWords: requests[0]?.checkWords });
  expect(requests[0]?.checkWords).toHaveLength(4);
  expect((await ana.hall.groups.get(groupId)).openRequests).toBe(1);
  await ana.hall.invites.approve(groupId, requests[0]?.requestId ?? "");
  await ben.whenIn(groupId);
  expect(await ben.hall.invites.joining()).toEqual([]);
  await ben.hall.settled();
  const { posts } = await ben.hall.topics.posts(groupId, topicId, { from: 0, limit: 9 });
  expect(posts.map(({ text }) => text)).toEqual(["When?"]);
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
  expect((await ana.hall.groups.get(groupId)).openRequests).toBe(0);
  expect(await ana.hall.invites.list(groupId)).toMatchObject([
    { link, uses: 5, usesLeft: 4, state: "open", note: "for the depot", madeBy: { name: "Ana" } },
  ]);
  expect(await ben.hall.invites.list(groupId)).toMatchObject([{ link: null, note: "", madeBy: { name: "Ana" } }]);
  expect(await ben.join(link)).toMatchObject({ kind: "member", groupId });
});
