import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("whoever is alone in a group puts it away on all their devices, and its invites end; with others in it nobody can", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const shared = await ana.foundGroup("Depot", { admits: [bongani] });
  const alone = await ana.foundGroup("Tried out");
  const link = await ana.link(alone.groupId, { mode: "instant", uses: 5 });
  await world.settle();
  const phone = world.stranger("ana's phone");
  await phone.recover(ana.words);
  await world.settle();
  await phone.whenIn(alone.groupId);
  world.clock.advance(1_000);
  await expect(ana.hall.groups.forget(shared.groupId)).rejects.toMatchObject({ problem: "member-already" });
  await ana.hall.groups.forget(alone.groupId);
  const names = async (of: typeof ana) => (await of.hall.groups.list()).map(({ name }) => name);
  expect(await names(ana)).toEqual(["Depot"]);
  // The vault goes out within a day, and devices look at it when they are opened.
  world.clock.advance(86_400_000);
  await world.settle();
  await ana.reopen();
  await world.settle();
  expect(await names(ana)).toEqual(["Depot"]);
  await phone.reopen();
  await world.settle();
  expect(await names(phone)).toEqual(["Depot"]);
  await expect(bongani.join(link)).rejects.toMatchObject({ problem: expect.stringMatching(/^invite-/) });
});
