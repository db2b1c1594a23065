import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("a removed member cannot open posts written after the removal", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  await ana.remove(chidi, group);
  await bongani.post(group, "after");
  await world.settle();
  expect(await ana.texts(group)).toEqual(["opening", "after"]);
  expect(await bongani.texts(group)).toEqual(["opening", "after"]);
  expect(await chidi.texts(group)).toEqual(["opening"]);
  expect((await chidi.hall.groups.get(group.groupId)).standing).toEqual({ kind: "removed", byName: "ana" });
});

test("a post written between a removal and the new era's key waits for the key, and everybody reads it", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  const released = Promise.withResolvers<void>();
  bongani.between.lies = {
    hold: async ({ url }) => {
      if (url.endsWith("/boxes/find")) await released.promise;
    },
  };
  await ana.remove(chidi, group);
  await bongani.until(
    () => bongani.chainActs(group.groupId),
    (acts) => acts.some((one) => one.includes("remove")),
  );
  await bongani.post(group, "between");
  released.resolve();
  await world.settle();
  for (const reader of [ana, bongani]) {
    expect(await reader.texts(group)).toEqual(["opening", "between"]);
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
  }
});
