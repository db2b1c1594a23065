import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("two facilitators begin the same era at once: there is one, with one box for each, and everybody reads on", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  const [byAna, byBongani] = await Promise.all([ana.group(group.groupId), bongani.group(group.groupId)]);
  const era = byAna.newest?.era ?? 0;
  const sent: number[] = [];
  for (const { between } of [ana, bongani])
    between.lies = {
      toServer: (frame) => {
        if (frame.kind === "chain" && frame.chain.starts !== null) sent.push(frame.chain.starts);
        return [frame];
      },
    };
  const outcomes = await Promise.all([
    byAna.propose([{ kind: "new-era", after: era }]),
    byBongani.propose([{ kind: "new-era", after: era }]),
  ]);
  // Both asked for it before either knew of the other.
  expect(sent).toEqual([era + 1, era + 1]);
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["already", "done"]);
  await Promise.all([ana.post(group, "by ana"), bongani.post(group, "by bongani"), chidi.post(group, "by chidi")]);
  await world.settle();
  for (const reader of [ana, bongani, chidi]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["by ana", "by bongani", "by chidi", "opening"]);
    expect(await reader.hall.groups.get(group.groupId)).toMatchObject({ era: era + 1, warnings: [] });
    expect((await reader.hall.groups.chain(group.groupId)).every(({ verdict }) => verdict.kind === "counted")).toBe(
      true,
    );
  }
  const boxes = await world.hall.app.databases.groups
    .selectFrom("group_box")
    .innerJoin("working_group", "working_group.no", "group_box.group_no")
    .where("working_group.id", "=", Buffer.from(group.groupId, "hex"))
    .where("group_box.era", "=", era + 1)
    .select("label")
    .execute();
  expect(boxes).toHaveLength(3);
  expect(new Set(boxes.map(({ label }) => label.toString())).size).toBe(3);
});
