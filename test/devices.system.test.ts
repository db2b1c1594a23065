import { parseRecoveryPhrase, recoveryPhrase } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("two devices of one account: what one founds, joins and writes is on the other; a removal takes both out", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const phrase = await parseRecoveryPhrase(bongani.words.join(" "));
  if (phrase.kind !== "root") throw new TypeError("12 words");
  // The words of any language's list bring back the same account.
  const french = await recoveryPhrase(phrase.root, "fr");
  expect(french).not.toEqual(bongani.words);
  const second = world.stranger("bongani's second phone");
  await second.recover(french);
  expect(second.accountId).toBe(bongani.accountId);
  await world.settle();

  await Promise.all([bongani.post(group, "from the first"), second.post(group, "from the second")]);
  await world.settle();
  for (const reader of [ana, bongani, second]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["from the first", "from the second", "opening"]);
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
    expect(await reader.warnings(group.groupId)).toEqual([]);
  }
  const { posts } = await second.hall.topics.posts(group.groupId, group.topicId, { from: 0, limit: 10 });
  expect(posts.filter(({ mine }) => mine).map(({ text }) => text)).toHaveLength(2);

  const founded = await second.foundGroup("Canteen");
  const other = await ana.foundGroup("Water");
  await bongani.join(await ana.link(other.groupId, { mode: "instant" }));
  await world.settle();
  // Each looks into the vault when it is opened.
  for (const device of [bongani, second]) await device.reopen();
  await world.settle();
  for (const device of [bongani, second]) {
    const names = (await device.hall.groups.list()).map(({ name }) => name);
    expect(names.toSorted()).toEqual(["Canteen", "Waste services", "Water"]);
    expect(await device.texts(founded)).toEqual(["opening"]);
    expect(await device.texts(other)).toEqual(["opening"]);
  }
  await second.post(other, "not by the device that joined");
  await ana.remove(bongani, group);
  await ana.post(group, "after");
  await world.settle();
  expect(await ana.texts(other)).toEqual(["opening", "not by the device that joined"]);
  for (const device of [bongani, second]) {
    expect((await device.hall.groups.get(group.groupId)).standing).toEqual({ kind: "removed", byName: "ana" });
    expect(await device.texts(group)).not.toContain("after");
  }
});

test("who was removed and is admitted again reads on, also what was written meanwhile, and what they wrote still counts", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  await chidi.post(group, "in the first stay");
  await world.settle();
  await ana.remove(chidi, group);
  await bongani.post(group, "meanwhile");
  await world.settle();
  expect(await chidi.texts(group)).toEqual(["opening", "in the first stay"]);
  await ana.admit(group.groupId, [chidi]);
  await world.settle();
  await chidi.post(group, "in the second stay");
  await world.settle();
  const all = ["opening", "in the first stay", "meanwhile", "in the second stay"];
  const late = await world.person("dolores");
  await ana.admit(group.groupId, [late]);
  await world.settle();
  for (const reader of [ana, bongani, chidi, late]) {
    expect(await reader.texts(group)).toEqual(all);
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
    expect(await reader.warnings(group.groupId)).toEqual([]);
  }
});

test("a device that was away while another one brought a newer box key and an era for it reads on as soon as it is back", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  ana.goOffline();
  const second = world.stranger("ana's second phone");
  await second.recover(ana.words);
  await second.remove(bongani, group);
  await second.post(group, "in the new era");
  await world.settle();
  ana.goOnline();
  await world.settle();
  expect((await ana.hall.groups.get(group.groupId)).standing).toEqual({ kind: "member", role: "facilitator" });
  expect(await ana.texts(group)).toEqual(["opening", "in the new era"]);
});

test("who was removed and comes in again by one device is back on the other one, which reads on and writes", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const second = world.stranger("bongani's second phone");
  await second.recover(bongani.words);
  await world.settle();
  await ana.remove(bongani, group);
  await world.settle();
  expect((await second.hall.groups.get(group.groupId)).standing.kind).toBe("removed");
  await ana.admit(group.groupId, [bongani]);
  await world.settle();
  // What can wait goes into the vault with whatever cannot: that the request came to its end.
  await bongani.foundGroup("Canteen");
  await second.reopen();
  await second.whenIn(group.groupId);
  await world.settle();
  await second.post(group, "from the second");
  await world.settle();
  for (const reader of [ana, bongani, second])
    expect(await reader.texts(group)).toEqual(["opening", "from the second"]);
});

test("a group that one device puts away, not knowing that another one is in it again, is not lost", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const second = world.stranger("bongani's second phone");
  await second.recover(bongani.words);
  await world.settle();
  await ana.remove(bongani, group);
  await world.settle();
  second.goOffline();
  await ana.admit(group.groupId, [bongani]);
  await bongani.foundGroup("Water");
  await world.settle();
  await second.hall.groups.forget(group.groupId);
  second.goOnline();
  // What can wait goes into the vault with whatever cannot.
  await second.foundGroup("Canteen");
  expect((await second.hall.groups.list()).map(({ name }) => name)).not.toContain("Waste services");
  await bongani.reopen();
  await bongani.until(
    () => bongani.hall.groups.list(),
    (groups) => groups.some(({ name }) => name === "Canteen"),
  );
  await world.settle();
  await bongani.foundGroup("Cleaning");
  const third = world.stranger("bongani's third phone");
  await third.recover(bongani.words);
  await third.whenIn(group.groupId);
});
