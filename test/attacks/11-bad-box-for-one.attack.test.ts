import { openBox, OpenError } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld, type Founded, type Member } from "../world.ts";
import { junk } from "../world/own-program.ts";

/** Whether this is the member's box of an era. */
async function isFor(member: Member, { groupId }: Founded, era: number): Promise<(box: Uint8Array) => boolean> {
  const keys = (await member.parts()).account.boxKeys();
  const id = (await member.group(groupId)).groupId;
  return (box) =>
    keys.some((key) => {
      try {
        return openBox(box, id, era, key.box).number === era;
      } catch (error) {
        if (error instanceof OpenError) return false;
        throw error;
      }
    });
}

test("attack 11: a facilitator's bad box for one: the victim is told by whom, keeps what it could read, and another's program puts it right", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await chidi.post(group, "before");
  await world.settle();
  await ana.close();
  const era = (await bongani.group(group.groupId)).newest?.era ?? 0;
  const chidis = await isFor(chidi, group, era + 1);
  let spoilt = 0;
  bongani.between.lies = {
    toServer: (frame) => {
      if (frame.kind !== "chain" || frame.chain.starts === null) return [frame];
      const boxes = frame.chain.boxes.map((one) => (chidis(one.box) ? { ...one, box: junk(one.box.length) } : one));
      spoilt += boxes.filter((one, at) => one !== frame.chain.boxes[at]).length;
      return [{ ...frame, chain: { ...frame.chain, boxes } }];
    },
    // His own program puts nothing right either.
    answer: ({ url, method }) =>
      method === "POST" && url.endsWith("/boxes") ? { status: 503, headers: {}, body: new Uint8Array() } : null,
  };
  await (await bongani.group(group.groupId)).propose([{ kind: "new-era", after: era }]);
  await bongani.post(group, "among ourselves");
  await bongani.hall.settled();
  await bongani.close();
  await world.settle();
  expect(spoilt).toBe(1);
  const { standing } = await chidi.hall.groups.get(group.groupId);
  expect(standing).toMatchObject({ kind: "stopped", byName: "bongani" });
  expect(await chidi.texts(group)).toEqual(["opening", "before"]);
  // Meanwhile the victim's program asks now and then, not all the time.
  let asked = 0;
  chidi.between.lies = {
    answer: ({ url }) => {
      if (url.endsWith("/eras")) asked++;
      return null;
    },
  };
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(asked).toBeLessThan(8);

  await ana.reopen();
  await world.settle();
  expect((await ana.hall.groups.get(group.groupId)).warnings).toContainEqual(
    expect.objectContaining({ kind: "box-repaired", byName: "bongani" }),
  );
  for (const reader of [ana, chidi])
    expect(await reader.texts(group)).toEqual(["opening", "before", "among ourselves"]);
  expect((await chidi.hall.groups.get(group.groupId)).standing).toMatchObject({ kind: "member" });
  await chidi.post(group, "back");
  await world.settle();
  expect(await ana.texts(group)).toContain("back");
});
