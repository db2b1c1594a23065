import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const names = ["ana", "bongani", "chidi", "dolores", "emre", "fatima", "goran", "hana"] as const;

test("many people in many groups, all at once, come to rest, read the same, and close", async () => {
  await using world = await createWorld({ people: names });
  const people = names.map((name) => world[name]);
  const groups = await Promise.all(
    people.slice(0, 4).map(async (founder, at) => {
      const group = await founder.foundGroup(`Group ${at}`);
      const link = await founder.link(group.groupId, { mode: "instant", uses: people.length });
      for (const guest of people.filter((one) => one !== founder)) {
        await guest.join(link);
        await guest.whenIn(group.groupId);
        await guest.until(
          () => guest.texts(group),
          (texts) => texts.length > 0,
        );
        await guest.post(group, `by ${guest.name}`);
      }
      return group;
    }),
  );
  await Promise.all(people.map(({ hall }) => hall.settled()));
  await world.settle();
  for (const group of groups) {
    const read = await Promise.all(people.map(async (one) => (await one.texts(group)).toSorted()));
    expect(read[0]).toHaveLength(people.length);
    for (const texts of read) expect(texts).toEqual(read[0]);
  }
  const begun = world.clock.now();
  await Promise.all(people.map((one) => one.close()));
  expect(world.clock.now() - begun).toBeLessThan(10_000);
});
