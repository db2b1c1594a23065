import { expect, test } from "vitest";
import { createWorld } from "../world.ts";
import { backUp, restore } from "../world/older-backup.ts";

test("attack 20: two readers are shown two chains: the first record that crosses gives it away, by the name of who wrote it", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  await backUp(world.hall.app.databases);
  await bongani.close();
  await ana.link(group.groupId);
  await world.settle();
  // Whoever holds the entry would give it back to the hall before another stands there.
  await Promise.all([ana.close(), chidi.close()]);

  await using _ = await restore(world);
  await bongani.reopen();
  await bongani.link(group.groupId);
  await bongani.post(group, "on the other chain");
  await world.settle();
  await Promise.all([ana.reopen(), chidi.reopen()]);
  await world.settle();
  for (const reader of [ana, chidi]) {
    const { warnings } = await reader.hall.groups.get(group.groupId);
    const forks = warnings.filter(({ kind }) => kind === "fork").map(({ byName }) => byName);
    expect(new Set(forks)).toEqual(new Set(["bongani", null]));
    expect(warnings.map(({ kind }) => kind)).toContain("rolled-back");
    expect(await reader.texts(group)).toEqual(["opening"]);
    const refused = await reader.hall.topics.refused(group.groupId);
    expect(refused.map(({ reason }) => reason)).toContain("other-chain");
  }
}, 60_000);
