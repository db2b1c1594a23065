import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("a connection that breaks while 280 posts come loses none: what is missed beyond 200 items or a page of 2 MiB is read by pages", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const byPages: boolean[] = [];
  bongani.between.lies = {
    fromServer: (frame) => {
      if (frame.kind === "subscribed") byPages.push(frame.byPages);
      return [frame];
    },
  };
  const texts = Array.from({ length: 280 }, (_, at) => `post ${at}${at % 3 === 0 ? "x".repeat(30_000) : ""}`);
  bongani.goOffline();
  for (const text of texts.slice(0, 260)) await ana.post(group, text);
  await ana.hall.settled();
  const before = bongani.between.sent.length;
  bongani.goOnline();
  // While it catches up the line breaks again and again.
  for (const text of texts.slice(260)) {
    await ana.post(group, text);
    bongani.between.hangUp();
    bongani.hall.wake();
  }
  await world.settle();
  expect(byPages).toContain(true);
  const pages = bongani.between.sent.slice(before).filter(({ url }) => /\/log\?after=[1-9]/.test(url));
  expect(new Set(pages.map(({ url }) => url)).size).toBeGreaterThan(1);
  for (const reader of [ana, bongani]) {
    expect(await reader.texts(group)).toEqual(["opening", ...texts]);
    expect(await reader.warnings(group.groupId)).toEqual([]);
  }
}, 120_000);

test("whoever is told to wait sends the same post again when the time is over, and it stands there once", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const told = Promise.withResolvers<void>();
  const sent: Uint8Array[] = [];
  ana.between.lies = {
    toServer: (frame) => {
      if (frame.kind !== "append") return [frame];
      sent.push(...frame.records.map(({ sealed }) => sealed));
      // The first goes where nothing is taken.
      return [sent.length > 1 ? frame : { ...frame, group: new Uint8Array(32) }];
    },
    fromServer: (frame) => {
      if (frame.kind !== "refused" || frame.code !== "not-subscribed") return [frame];
      told.resolve();
      return [{ ...frame, code: "too-many-requests", retryAfterSeconds: 30 }];
    },
  };
  const recordId = await ana.post(group, "patience");
  await told.promise;
  const [before] = await postsOf(recordId);
  expect(before?.state).toEqual({ kind: "sending" });
  world.clock.advance(31_000);
  await world.settle();
  expect(sent).toHaveLength(2);
  expect(sent[0]).toEqual(sent[1]);
  for (const reader of [ana, bongani]) expect(await reader.texts(group)).toEqual(["opening", "patience"]);
  expect((await postsOf(recordId))[0]?.state).toEqual({ kind: "sent" });

  async function postsOf(id: string) {
    const { posts } = await ana.hall.topics.posts(group.groupId, group.topicId, { from: 0, limit: 10 });
    return posts.filter((post) => post.recordId === id);
  }
});
