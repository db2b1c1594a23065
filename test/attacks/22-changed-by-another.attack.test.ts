import { expect, test } from "vitest";
import { createWorld } from "../world.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

const edit = { kind: "edit", title: null, category: null, mentions: [], files: [] } as const;

test("attack 22: nobody changes or takes back what another wrote, a facilitator neither", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "mole"] });
  const { ana, bongani, mole } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, mole] });
  await world.settle();
  const post = await bongani.post(group, "as bongani wrote it");
  await world.settle();
  const topic = bytes(group.topicId);
  for (const attacker of [mole, ana]) {
    const own = await attacker.group(group.groupId);
    await own.write({ ...edit, text: "as somebody else would have it" }, { topic, target: bytes(post) });
    await own.write({ kind: "retract" }, { topic, target: bytes(post) });
  }
  const moles = await mole.group(group.groupId);
  await moles.write({ ...edit, title: "Another title", text: "opening" }, { topic, target: topic });
  await world.settle();
  for (const reader of [ana, bongani, mole]) {
    expect(await reader.texts(group)).toEqual(["opening", "as bongani wrote it"]);
    expect((await reader.hall.topics.get(group.groupId, group.topicId)).title).toBe("Waste services: first topic");
    const refused = await reader.hall.topics.refused(group.groupId);
    expect(refused.map(({ reason }) => reason)).toEqual(Array.from({ length: 5 }, () => "not-the-author"));
    expect(refused.map(({ author }) => author.name).toSorted()).toEqual(["ana", "ana", "mole", "mole", "mole"]);
  }
});

test("attack 22: who is no facilitator, or is none any more, names nothing anew", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "mole"] });
  const { ana, bongani, mole } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, mole] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  await bongani.hall.groups.rename(group.groupId, { name: "Waste and water", description: "" });
  await world.settle();
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "member");
  await world.settle();
  for (const attacker of [bongani, mole])
    await (await attacker.group(group.groupId)).write({ kind: "group-info", name: "Ours now", description: "" });
  await world.settle();
  for (const reader of [ana, bongani, mole]) {
    expect((await reader.hall.groups.get(group.groupId)).name).toBe("Waste and water");
    const refused = await reader.hall.topics.refused(group.groupId);
    expect(refused.map(({ reason }) => reason)).toEqual(["not-a-facilitator", "not-a-facilitator"]);
    expect(refused.map(({ author }) => author.name).toSorted()).toEqual(["bongani", "mole"]);
  }
});
