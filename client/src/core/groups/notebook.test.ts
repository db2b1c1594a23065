import { afterAll, beforeAll, expect, test } from "vitest";
import type { Platform } from "../platform.ts";
import { listeningHall, type ListeningHall } from "../sync/testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const rules = { history: "all", retentionDays: null } as const;

test("what was read and what was begun follow an account to a new device; the notebook is no group anybody sees", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  await ana.hall.settled();
  await ben.comeIn(ana, groupId);
  expect(await ben.hall.topics.get(groupId, topicId)).toMatchObject({ posts: 1, unread: 0 });
  for (const text of ["1", "2", "3"]) await ana.hall.topics.reply(groupId, topicId, text);
  await ana.hall.settled();
  await ben.hall.settled();
  const { posts } = await ben.hall.topics.posts(groupId, topicId, { from: 0, limit: 10 });
  expect(await ben.hall.topics.get(groupId, topicId)).toMatchObject({ unread: 3, firstUnread: 1 });
  await ben.hall.topics.markRead(groupId, topicId, posts[2]?.recordId ?? "");
  await ben.hall.topics.saveDraft(groupId, topicId, "I think");
  await ben.hall.topics.saveDraft(groupId, null, "Another");
  await ben.hall.settled();
  const again = await ben.recoverOnNewDevice();
  await again.hall.settled();
  expect((await again.hall.groups.list()).map(({ name }) => name)).toEqual(["Waste services"]);
  expect(await again.hall.topics.get(groupId, topicId)).toMatchObject({ posts: 4, unread: 1, firstUnread: 3 });
  expect((await again.hall.groups.get(groupId)).unreadPosts).toBe(1);
  expect(await again.hall.topics.draft(groupId, topicId)).toBe("I think");
  expect(await again.hall.topics.draft(groupId, null)).toBe("Another");
  await again.hall.topics.reply(groupId, topicId, "from the new phone");
  await again.hall.settled();
  await ana.hall.settled();
  expect(await ana.texts(groupId, topicId)).toContain("from the new phone");
});

test("a draft is kept up to 1 MiB; one that no record can hold stays on its device and stops no other", async () => {
  const ana = await hall.person("Ana");
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  const limit = 524_288;
  await expect(ana.hall.topics.saveDraft(groupId, null, "ش".repeat(limit + 1))).rejects.toMatchObject({
    problem: "draft-not-kept",
  });
  for (const length of [limit - 1, limit]) {
    await ana.hall.topics.saveDraft(groupId, null, "ش".repeat(length));
    expect(await ana.hall.topics.draft(groupId, null)).toHaveLength(length);
    await ana.hall.settled();
  }
  await ana.hall.topics.saveDraft(groupId, topicId, "ش".repeat(24_001));
  await ana.hall.settled();
  await ana.hall.settled();
  expect(await ana.hall.topics.draft(groupId, null)).toHaveLength(limit);
  const again = await ana.recoverOnNewDevice();
  await again.hall.settled();
  expect(await again.hall.topics.draft(groupId, topicId)).toHaveLength(24_001);
  expect(await again.hall.topics.draft(groupId, null)).toBe("");
});

test("whoever looks at a draft hears that it was changed, here or on another device", async () => {
  const ana = await hall.person("Ana");
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ana.hall.settled();
  const again = await ana.recoverOnNewDevice();
  await again.hall.settled();
  const heard: [string, string | null][] = [];
  const hear = (name: string, { hall: device }: typeof ana): void => {
    device.subscribe((change) => {
      if (change.kind === "draft") heard.push([name, change.topicId]);
    });
  };
  hear("first", ana);
  hear("second", again);
  await ana.hall.topics.saveDraft(groupId, null, "begun");
  expect(heard).toEqual([["first", null]]);
  await ana.hall.settled();
  await expect.poll(() => heard).toContainEqual(["second", null]);
  expect(await again.hall.topics.draft(groupId, null)).toBe("begun");
});

test("a draft that changes while it is written into the notebook is written once more", async () => {
  const ana = await hall.person("Ana");
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ana.hall.settled();
  let meanwhile: (() => Promise<void>) | null = null;
  await ana.reopen((platform) => {
    const read: Platform["storage"]["read"] = async (key) => {
      const value = await platform.storage.read(key);
      const now = meanwhile;
      meanwhile = null;
      await now?.();
      return value;
    };
    const { storage } = platform;
    return {
      ...platform,
      storage: {
        read,
        readMany: (keys) => storage.readMany(keys),
        range: (range) => storage.range(range),
        write: (changes) => storage.write(changes),
        erase: () => storage.erase(),
        close: () => storage.close(),
      },
    };
  });
  await ana.hall.settled();
  await ana.hall.topics.saveDraft(groupId, null, "one");
  meanwhile = () => ana.hall.topics.saveDraft(groupId, null, "two");
  await ana.hall.settled();
  await ana.hall.settled();
  const again = await ana.recoverOnNewDevice();
  await again.hall.settled();
  expect(await again.hall.topics.draft(groupId, null)).toBe("two");
});

/** One account on two devices, at work on the first post of a new topic. */
async function twoDevices() {
  const laptop = await hall.person("Ana");
  const { groupId } = await laptop.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await laptop.hall.settled();
  const phone = await laptop.recoverOnNewDevice();
  await phone.hall.settled();
  const draftOn = ({ hall: device }: typeof phone): Promise<string> => device.topics.draft(groupId, null);
  const begin = async ({ hall: device }: typeof phone, text: string): Promise<void> => {
    await device.topics.saveDraft(groupId, null, text);
  };
  const settle = async (): Promise<void> => {
    for (const { hall: device } of [laptop, phone, laptop, phone]) await device.settled();
  };
  return { laptop, phone, draftOn, begin, settle };
}

test("a text begun without a network outlives that another device, which cannot have seen it, sent one meanwhile", async () => {
  const { laptop, phone, draftOn, begin, settle } = await twoDevices();
  laptop.goOffline();
  await begin(laptop, "A long reply");
  await laptop.hall.settled();
  for (const text of ["ok", ""]) await begin(phone, text);
  await phone.hall.settled();
  laptop.goOnline();
  await settle();
  expect(await draftOn(laptop)).toBe("A long reply");
  await expect.poll(() => draftOn(phone)).toBe("A long reply");
});

test("that a text was sent takes nothing from one begun later elsewhere, however late it is heard of", async () => {
  const { laptop, phone, draftOn, begin, settle } = await twoDevices();
  await begin(phone, "ok");
  await settle();
  expect(await draftOn(laptop)).toBe("ok");
  phone.goOffline();
  await begin(phone, "");
  await begin(laptop, "The next one");
  await laptop.hall.settled();
  await phone.hall.settled();
  const seen: Promise<string>[] = [];
  laptop.hall.subscribe(({ kind }) => {
    if (kind === "draft") seen.push(draftOn(laptop));
  });
  phone.goOnline();
  await settle();
  expect(await draftOn(laptop)).toBe("The next one");
  expect(await Promise.all(seen)).not.toContain("");
  await expect.poll(() => draftOn(phone)).toBe("The next one");
});

test("a draft too long for the other devices is not lost to the shorter one that they have", async () => {
  const { laptop, phone, draftOn, begin, settle } = await twoDevices();
  await begin(laptop, "short");
  await settle();
  const long = "ش".repeat(200_000);
  await begin(laptop, long);
  await settle();
  expect(await draftOn(phone)).toBe("short");
  await begin(phone, "short and more");
  await settle();
  await expect.poll(() => draftOn(laptop)).toBe(`short and more\n\n${long}`);
});
