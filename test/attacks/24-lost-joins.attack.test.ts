import { expect, test } from "vitest";
import { createWorld } from "../world.ts";
import { backUp, restore } from "../world/older-backup.ts";

const joiners = ["dalia", "emre", "fatou", "goran", "hana", "ivo", "jun"] as const;

test.each([
  { by: "a member", online: "bongani" },
  { by: "a facilitator", online: "ana" },
] as const)(
  "attack 24: more joins than a token may bring are given back by $by alone, and the chain goes on",
  async ({ online }) => {
    await using world = await createWorld({ people: ["ana", "bongani", "chidi", ...joiners] });
    const { ana, bongani, chidi } = world;
    const group = await ana.foundGroup("Waste services", { admits: [bongani] });
    const link = await ana.link(group.groupId, { mode: "instant", uses: 50 });
    await world.settle();
    await backUp(world.hall.app.databases);
    for (const name of joiners) {
      await world[name].join(link);
      await world[name].whenIn(group.groupId);
    }
    await world.settle();
    const others = [ana, bongani, ...joiners.map((name) => world[name])].filter(({ name }) => name !== online);
    for (const other of others) await other.close();

    await using _ = await restore(world);
    const only = world[online];
    await only.until(
      () => only.warnings(group.groupId),
      (warnings) => warnings.includes("rolled-back"),
    );
    await world.settle();
    const { warnings } = await only.hall.groups.get(group.groupId);
    expect(warnings.map(({ detail }) => detail).join("; ")).not.toContain("does not take it again");
    await chidi.join(link);
    await chidi.whenIn(group.groupId);
    // Within a minute what others wrote is given back, too; until then it is missing, and said to be.
    world.clock.advance(60_000);
    await chidi.until(
      () => chidi.warnings(group.groupId),
      (missing) => missing.length === 0,
    );
    expect(await chidi.hall.groups.get(group.groupId)).toMatchObject({ memberCount: 3 + joiners.length });
    // Those whose entries came back are in as before.
    await world.hana.reopen();
    await world.settle();
    await world.hana.post(group, "by hana");
    await chidi.until(
      () => chidi.texts(group),
      (texts) => texts.includes("by hana"),
    );
  },
  240_000,
);
