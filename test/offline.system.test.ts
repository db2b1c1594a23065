import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("a member offline for three eras catches up with nobody online", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await world.settle();
  await bongani.close();
  await ana.remove(chidi, group);
  await ana.post(group, "era 1");
  await ana.remove(dolores, group);
  await ana.post(group, "era 2");
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 2 }]);
  await ana.post(group, "era 3");
  await world.settle();
  await Promise.all([ana, chidi, dolores].map((member) => member.close()));

  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "era 1", "era 2", "era 3"]);
  expect(await bongani.hall.groups.get(group.groupId)).toMatchObject({ era: 3, memberCount: 2, warnings: [] });
  await bongani.post(group, "back");
  await world.settle();
  await ana.reopen();
  await world.settle();
  expect(await ana.texts(group)).toEqual(["opening", "era 1", "era 2", "era 3", "back"]);
});

test("an account brought back by its words on an empty device reads and posts while everybody else is offline", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await bongani.post(group, "from the old phone");
  await world.settle();
  await Promise.all([ana.close(), bongani.close()]);

  const again = world.stranger("bongani's new phone");
  await again.recover(bongani.words);
  await world.settle();
  expect(again.accountId).toBe(bongani.accountId);
  expect(await again.texts(group)).toEqual(["opening", "from the old phone"]);
  await again.post(group, "from the new phone");
  await world.settle();
  await again.close();

  await ana.reopen();
  await world.settle();
  expect(await ana.texts(group)).toEqual(["opening", "from the old phone", "from the new phone"]);
  expect(await ana.hall.topics.refused(group.groupId)).toEqual([]);
});

test("a newcomer under history all reads everything, back through every era", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", {});
  for (const era of [0, 1, 2]) {
    await ana.post(group, `era ${era}`);
    await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: era }]);
  }
  await world.settle();
  await ana.admit(group.groupId, [bongani]);
  await ana.close();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "era 0", "era 1", "era 2"]);
  expect(await bongani.warnings(group.groupId)).toEqual([]);
});

test("what was written offline goes out once, also after the program was closed and opened again", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  bongani.goOffline();
  await bongani.post(group, "written on the train");
  await bongani.post(group, "and in the tunnel");
  await bongani.reopen();
  bongani.goOnline();
  await world.settle();
  for (const reader of [ana, bongani])
    expect(await reader.texts(group)).toEqual(["opening", "written on the train", "and in the tunnel"]);
});
