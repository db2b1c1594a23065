import { afterAll, beforeAll, expect, test } from "vitest";
import { refusedRecords } from "../sync/group-store.ts";
import { listeningHall, type ListeningHall } from "../sync/testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

test("what was refused once and counts by now is not among what was refused", async () => {
  const ana = await hall.person("Ana");
  const rules = { history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "on Monday" });
  await ana.hall.settled();
  const { posts } = await ana.hall.topics.posts(groupId, topicId, { from: 0, limit: 1 });
  const seq = posts[0]?.seq ?? -1;
  expect(seq).toBeGreaterThan(0);
  const group = await ana.openGroup(groupId);
  await group.held.change(async (draft) => {
    const noticed = { seq, recordId: new Uint8Array(16), author: null, reason: "not-a-member", noticedAt: 0 };
    await draft.tx.list(refusedRecords, draft.groupId).put(0, noticed);
  });
  expect(await ana.hall.topics.refused(groupId)).toEqual([]);
});
