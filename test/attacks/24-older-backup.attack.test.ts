import { expect, test } from "vitest";
import { createWorld } from "../world.ts";
import { backUp, restore } from "../world/older-backup.ts";

test("attack 24: the hall is put back to an older backup: everybody who saw more says so, and what it lost comes back", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.post(group, "before the backup");
  await world.settle();
  await backUp(world.hall.app.databases);
  await ana.post(group, "by ana, lost");
  await bongani.post(group, "by bongani, lost");
  await world.settle();
  const lastRead = (await bongani.group(group.groupId)).held.snapshot.stored.cursor;
  await bongani.close();
  await ana.post(group, "by ana, not seen by bongani");
  await world.settle();

  await using _ = await restore(world);
  await chidi.post(group, "after the restore");
  await chidi.post(group, "and more");
  await world.settle();
  // By now the log is longer than it was when bongani read it last.
  const { seq } = await world.hall.app.databases.groups
    .selectFrom("working_group")
    .select("seq")
    .where("id", "=", Buffer.from(group.groupId, "hex"))
    .executeTakeFirstOrThrow();
  expect(seq).toBeGreaterThan(lastRead);
  await bongani.reopen();
  await world.settle();
  world.clock.advance(61_000);
  await world.settle();

  const all = [
    "opening",
    "before the backup",
    "by ana, lost",
    "by bongani, lost",
    "by ana, not seen by bongani",
    "after the restore",
    "and more",
  ].toSorted();
  for (const reader of [ana, bongani, chidi]) {
    expect([reader.name, ...(await reader.texts(group)).toSorted()]).toEqual([reader.name, ...all]);
    expect(await reader.warnings(group.groupId)).toContain("rolled-back");
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
  }
  // Somebody who comes later finds all of it in the hall.
  const again = world.stranger("bongani's new phone");
  await again.recover(bongani.words);
  await world.settle();
  expect((await again.texts(group)).toSorted()).toEqual(all);
}, 240_000);

test("attack 24: what the hall lost of somebody who is gone for good is sent again by those who hold it", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  await backUp(world.hall.app.databases);
  const lost = ["the last one", "by who is gone"];
  for (const text of lost) await chidi.post(group, text);
  await world.settle();
  await chidi.close();

  await using _ = await restore(world);
  // The log has grown past the place up to which the others have read it.
  for (const text of ["one", "two", "three"]) await ana.post(group, text);
  await world.settle();
  world.clock.advance(61_000);
  await world.settle();
  const again = world.stranger("ana's new phone");
  await ana.close();
  await bongani.close();
  await again.recover(ana.words);
  await world.settle();
  expect((await again.texts(group)).toSorted()).toEqual(["opening", ...lost, "one", "two", "three"].toSorted());
  expect(await again.warnings(group.groupId)).toEqual([]);
}, 240_000);

test("attack 24: entries that the hall lost are given back before anything else is written", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await backUp(world.hall.app.databases);
  await ana.admit(group.groupId, [chidi]);
  await world.settle();
  await chidi.post(group, "new here");
  await world.settle();
  await ana.close();

  await using _ = await restore(world);
  await bongani.post(group, "after the restore");
  await world.settle();
  await ana.reopen();
  await ana.hall.groups.setRole(group.groupId, chidi.accountId, "facilitator");
  await world.settle();
  for (const reader of [ana, bongani, chidi]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["after the restore", "new here", "opening"]);
    const { memberCount, facilitators, warnings } = await reader.hall.groups.get(group.groupId);
    expect({ memberCount, facilitators }).toEqual({ memberCount: 3, facilitators: 2 });
    expect(warnings.map(({ kind }) => kind)).not.toContain("fork");
  }
}, 90_000);

test("attack 24: an era that the hall lost is begun again with the same bytes: who was removed stays out", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  await backUp(world.hall.app.databases);
  await ana.remove(chidi, group);
  await ana.post(group, "without chidi");
  await world.settle();
  await ana.close();

  await using _ = await restore(world);
  await bongani.until(
    () => bongani.warnings(group.groupId),
    (warnings) => warnings.includes("rolled-back"),
  );
  await bongani.reopen();
  await world.settle();
  await bongani.post(group, "by bongani");
  await world.settle();
  await ana.reopen();
  await world.settle();
  world.clock.advance(61_000);
  await world.settle();
  for (const reader of [ana, bongani]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["by bongani", "opening", "without chidi"]);
    const { memberCount, era, standing } = await reader.hall.groups.get(group.groupId);
    expect({ memberCount, era, kind: standing.kind }).toEqual({ memberCount: 2, era: 1, kind: "member" });
  }
  expect(await chidi.texts(group)).toEqual(["opening"]);
  await ana.close();
  await bongani.close();
  const again = world.stranger("bongani's new phone");
  await again.recover(bongani.words);
  await world.settle();
  expect((await again.texts(group)).toSorted()).toEqual(["by bongani", "opening", "without chidi"]);
}, 90_000);
