import { afterAll, beforeAll, expect, test } from "vitest";
import { listeningHall, type ListeningHall } from "./testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const rules = { history: "all", retentionDays: null } as const;

test("somebody founds a group, writes, and reads it again after the program was closed", async () => {
  const ana = await hall.person("Ana");
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "Bins", ...rules });
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  await ana.hall.topics.reply(groupId, topicId, "On **Monday**");
  await ana.hall.settled();
  for (let opening = 0; opening < 2; opening++) {
    expect(await ana.hall.groups.list()).toMatchObject([
      {
        groupId,
        name: "Waste services",
        standing: { kind: "member", role: "facilitator" },
        memberCount: 1,
        unreadPosts: 0,
      },
    ]);
    expect(await ana.hall.topics.list(groupId)).toMatchObject([{ topicId, title: "Strike", posts: 2, unread: 0 }]);
    const { posts, total } = await ana.hall.topics.posts(groupId, topicId, { from: 0, limit: 50 });
    expect(total).toBe(2);
    expect(posts.map(({ text, author, state }) => [text, author.name, state.kind])).toEqual([
      ["When?", "Ana", "sent"],
      ["On **Monday**", "Ana", "sent"],
    ]);
    await ana.reopen();
    await ana.hall.settled();
  }
});

test("several who wait for everything to come to rest at once all hear of it", async () => {
  const ana = await hall.person("Ana");
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  for (const text of ["Monday", "Tuesday", "Wednesday"]) {
    await ana.hall.topics.reply(groupId, topicId, text);
    await Promise.all([ana.hall.settled(), ana.hall.settled(), ana.hall.settled()]);
    const { posts } = await ana.hall.topics.posts(groupId, topicId, { from: 0, limit: 50 });
    expect(posts.at(-1)).toMatchObject({ text, state: { kind: "sent" } });
  }
});
