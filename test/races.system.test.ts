import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("two facilitators append at once: one wins, the other's act follows by itself, and nobody notices", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  // Both sign for the same place of the chain: neither hears of the other before.
  await Promise.all([ana.remove(chidi, group), bongani.remove(dolores, group)]);
  await Promise.all([ana.post(group, "by ana"), bongani.post(group, "by bongani")]);
  await world.settle();
  const chains = await Promise.all([ana, bongani].map(({ hall }) => hall.groups.chain(group.groupId)));
  expect(chains[0]).toEqual(chains[1]);
  const removals = chains[0]?.filter(({ acts }) => acts.some(({ kind }) => kind === "remove")) ?? [];
  expect(removals).toHaveLength(2);
  expect(chains[0]?.every(({ verdict }) => verdict.kind === "counted")).toBe(true);
  for (const reader of [ana, bongani]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["by ana", "by bongani", "opening"]);
    expect(await reader.hall.groups.get(group.groupId)).toMatchObject({ era: 2, memberCount: 2, warnings: [] });
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
  }
});

test("two facilitators remove each other in the same moment: one wins, the same one for everybody", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  const outcomes = await Promise.allSettled([ana.remove(bongani, group), bongani.remove(ana, group)]);
  await world.settle();
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const [winner, loser] = outcomes[0]?.status === "fulfilled" ? [ana, bongani] : [bongani, ana];
  const left = (await chidi.hall.groups.members(group.groupId)).map(({ accountId }) => accountId);
  expect(left.toSorted()).toEqual([winner.accountId, chidi.accountId].toSorted());
  expect((await loser.hall.groups.get(group.groupId)).standing).toEqual({ kind: "removed", byName: winner.name });
});
