import { afterAll, beforeAll, expect, test } from "vitest";
import { SteppingClock } from "./testing/stepping-clock.ts";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const rules = { history: "all", retentionDays: null } as const;

async function settle(...people: Person[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const person of people) await person.hall.settled();
}

test("two members read each other at once, and somebody who came later reads what was written before", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  await ana.hall.settled();
  await ben.comeIn(ana, groupId);
  expect(await ben.texts(groupId, topicId)).toEqual(["When?"]);
  await ben.hall.topics.reply(groupId, topicId, "On Monday");
  await settle(ben, ana);
  expect(await ana.texts(groupId, topicId)).toEqual(["When?", "On Monday"]);
  expect(await ana.hall.groups.members(groupId)).toMatchObject([
    { profile: { name: "Ana" }, role: "facilitator", you: true },
    { profile: { name: "Ben" }, role: "member", you: false, sameName: false },
  ]);
  expect(await ana.hall.topics.get(groupId, topicId)).toMatchObject({ posts: 2, unread: 1, firstUnread: 1 });
  const { posts } = await ana.hall.topics.posts(groupId, topicId, { from: 1, limit: 1 });
  await ana.hall.topics.markRead(groupId, topicId, posts[0]?.recordId ?? "");
  expect(await ana.hall.topics.get(groupId, topicId)).toMatchObject({ unread: 0, firstUnread: null });
  expect((await ana.hall.groups.get(groupId)).unreadPosts).toBe(0);
});

test("a removed member cannot read what is written afterwards, and is told by whom", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "before" });
  await ben.hall.topics.reply(groupId, topicId, "from Ben").catch(() => {});
  await settle(ana, ben);
  await ana.hall.groups.remove(groupId, ben.accountId);
  await ana.hall.topics.reply(groupId, topicId, "after");
  await settle(ana, ben);
  expect((await ana.hall.groups.get(groupId)).era).toBe(1);
  expect(await ana.texts(groupId, topicId)).toContain("after");
  expect(await ben.texts(groupId, topicId)).not.toContain("after");
  expect((await ben.hall.groups.get(groupId)).standing).toEqual({ kind: "removed", byName: "Ana" });
  await expect(ben.hall.topics.reply(groupId, topicId, "still here")).rejects.toMatchObject({ problem: "removed" });
});

test("somebody offline for three eras catches up with nobody else online", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const [chi, dee] = [await hall.person("Chi"), await hall.person("Dee")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  for (const one of [ben, chi, dee]) await one.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  await settle(ana, ben, chi, dee);
  await ben.hall.close();
  await ana.hall.groups.remove(groupId, chi.accountId);
  await ana.hall.topics.reply(groupId, topicId, "1");
  await ana.hall.groups.remove(groupId, dee.accountId);
  await ana.hall.topics.reply(groupId, topicId, "2");
  await (await ana.group(groupId)).propose([{ kind: "new-era", after: 2 }]);
  await ana.hall.topics.reply(groupId, topicId, "3");
  await settle(ana);
  await ana.hall.close();
  await ben.reopen();
  await settle(ben);
  expect(await ben.texts(groupId, topicId)).toEqual(["0", "1", "2", "3"]);
  const detail = await ben.hall.groups.get(groupId);
  expect(detail).toMatchObject({ era: 3, memberCount: 2, warnings: [] });
  await ben.hall.topics.reply(groupId, topicId, "back");
  await settle(ben);
  await ana.reopen();
  await settle(ana);
  expect(await ana.texts(groupId, topicId)).toEqual(["0", "1", "2", "3", "back"]);
});

test("posts written offline go out once when the network is back, also when an era has begun meanwhile", async () => {
  const [ana, ben, chi] = [await hall.person("Ana"), await hall.person("Ben"), await hall.person("Chi")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  await chi.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  await settle(ana, ben, chi);
  ben.goOffline();
  await ben.hall.topics.reply(groupId, topicId, "1");
  await ben.hall.topics.reply(groupId, topicId, "2");
  const { posts } = await ben.hall.topics.posts(groupId, topicId, { from: 1, limit: 10 });
  expect(posts.map(({ state }) => state.kind)).toEqual(["sending", "sending"]);
  await ana.hall.groups.remove(groupId, chi.accountId);
  await settle(ana);
  hall.app.advance(6_000);
  ben.goOnline();
  await ben.reopen();
  await settle(ben, ana);
  for (const reader of [ana, ben]) {
    const page = await reader.hall.topics.posts(groupId, topicId, { from: 0, limit: 10 });
    expect(page.posts.map(({ text, state }) => [text, state.kind])).toEqual([
      ["0", "sent"],
      ["1", "sent"],
      ["2", "sent"],
    ]);
  }
  expect(await ana.hall.topics.refused(groupId)).toEqual([]);
});

test("a facilitator steps down and leaves; the last one cannot", async () => {
  const bens = new SteppingClock("when told");
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben", bens)];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  await expect(ana.hall.groups.leave(groupId)).rejects.toMatchObject({ problem: "last-facilitator" });
  await expect(ben.hall.groups.setRole(groupId, ben.accountId, "facilitator")).rejects.toMatchObject({
    problem: "not-a-facilitator",
  });
  await ana.hall.groups.setRole(groupId, ben.accountId, "facilitator");
  await ana.hall.groups.leave(groupId);
  await settle(ana, ben);
  expect((await ana.hall.groups.list())[0]?.standing).toEqual({ kind: "left" });
  expect(await ben.hall.groups.members(groupId)).toMatchObject([{ profile: { name: "Ben" }, role: "facilitator" }]);
  expect((await ben.hall.groups.get(groupId)).eraDue).toEqual([{ reason: "left", name: "Ana" }]);
  const acts = (await ben.hall.groups.chain(groupId)).map(({ acts: [first], by }) => [first?.kind, by.name]);
  expect(acts).toEqual([
    ["found", "Ana"],
    ["admit", "Ana"],
    ["role", "Ana"],
    ["leave", "Ana"],
  ]);
});

test("opened without a network, everything is there to read and write, and goes out by itself when there is one", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  await settle(ana, ben);
  ben.goOffline();
  await ben.reopen();
  expect(await ben.texts(groupId, topicId)).toEqual(["0"]);
  await ben.hall.topics.reply(groupId, topicId, "1");
  await ben.hall.settled();
  await expect(ben.hall.groups.leave(groupId)).rejects.toMatchObject({ problem: "offline" });
  await (await ana.group(groupId)).propose([{ kind: "new-era", after: 0 }]);
  await ana.hall.topics.reply(groupId, topicId, "2");
  await settle(ana);
  ben.goOnline();
  await ana.until(async () => (await ana.texts(groupId, topicId)).includes("1"));
  await settle(ben);
  expect((await ben.texts(groupId, topicId)).toSorted()).toEqual(["0", "1", "2"]);
  expect((await ben.hall.groups.get(groupId)).era).toBe(1);
});

test("what waits to be sent when somebody is removed stays as not sent, also later, to be copied or discarded", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  await settle(ana, ben);
  ben.goOffline();
  const { recordId } = await ben.hall.topics.reply(groupId, topicId, "On Monday");
  await ana.hall.groups.remove(groupId, ben.accountId);
  await settle(ana);
  hall.app.advance(6_000);
  ben.goOnline();
  await ben.until(async () => (await ben.hall.groups.get(groupId)).standing.kind === "removed");
  const mine = async () => (await ben.hall.topics.posts(groupId, topicId, { from: 1, limit: 10 })).posts;
  const notSent = [{ recordId, text: "On Monday", state: { kind: "failed", problem: "removed" } }];
  expect(await mine()).toMatchObject(notSent);
  await ben.reopen();
  await ben.hall.session.state();
  expect(await mine()).toMatchObject(notSent);
  await expect(ben.hall.topics.retry(groupId, recordId)).rejects.toMatchObject({ problem: "removed" });
  await ben.hall.topics.discard(groupId, recordId);
  expect(await mine()).toEqual([]);
});

test("a device that comes back by the words is told apart, in the record, from a change of keys", async () => {
  const ana = await hall.person("Ana");
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await settle(ana);
  const again = await ana.recoverOnNewDevice();
  await settle(again);
  const acts = (await again.hall.groups.chain(groupId)).flatMap((line) => line.acts);
  expect(acts.filter(({ kind }) => kind === "account-update")).toMatchObject([{ adds: 1, revokes: 0 }]);
  await again.hall.close();
});
