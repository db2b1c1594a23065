import { afterAll, beforeAll, expect, test } from "vitest";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";
import { MortalPlatform } from "../testing/mortal-platform.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const rules = { history: "all", retentionDays: null } as const;
const name = "Waste services";
/** Every step would take minutes; `CRASH_EVERY=1` takes them all. */
const every = Number(process.env["CRASH_EVERY"] ?? 53);

/** Lets `work` run until the program dies at a step, and opens it again; gives the number of steps when it came through. */
async function dieAt(person: Person, step: number, work: () => Promise<unknown>): Promise<number | null> {
  const mortals: MortalPlatform[] = [];
  await person.reopen((platform) => {
    const mortal = new MortalPlatform(platform);
    mortals.push(mortal);
    return mortal.platform;
  });
  await person.hall.settled();
  const [mortal] = mortals;
  if (mortal === undefined) throw new TypeError("the platform was not used");
  mortal.dieAt(step);
  const dying = person.hall;
  const done = work().then(
    () => dying.settled(),
    () => {},
  );
  await Promise.race([done.catch(() => {}), mortal.death]);
  if (!mortal.dead) {
    const { steps } = mortal;
    mortal.dieAt(Number.POSITIVE_INFINITY);
    return steps;
  }
  person.restartAfterCrash();
  return null;
}

test("killed at any step of founding, it is founded once or not at all, and can be written in", async () => {
  let steps: number | null = null;
  for (let step = 0; steps === null; step += every) {
    const ana = await hall.person("Ana");
    await ana.hall.settled();
    steps = await dieAt(ana, step, () => ana.hall.groups.found({ name, description: "", ...rules }));
    await ana.hall.settled();
    const groups = await ana.hall.groups.list();
    expect(groups.length, `step ${step}`).toBeLessThanOrEqual(1);
    for (const { groupId } of groups) {
      expect((await ana.hall.groups.get(groupId)).name).toBe(name);
      const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
      await ana.hall.settled();
      expect(await ana.texts(groupId, topicId)).toEqual(["When?"]);
    }
    await ana.hall.close();
  }
  expect(steps).toBeGreaterThan(20);
}, 240_000);

test("killed at any step of writing, what was answered is there once, and nothing is there twice", async () => {
  const reader = await hall.person("Ben");
  let steps: number | null = null;
  for (let step = 0; steps === null; step += every) {
    const ana = await hall.person("Ana");
    const { groupId } = await ana.hall.groups.found({ name, description: "", ...rules });
    const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
    await reader.comeIn(ana, groupId);
    await ana.hall.settled();
    let answered = false;
    steps = await dieAt(ana, step, async () => {
      await ana.hall.topics.reply(groupId, topicId, "1");
      answered = true;
    });
    await ana.hall.settled();
    await reader.hall.settled();
    const texts = await reader.texts(groupId, topicId);
    expect(texts.slice(0, 1), `step ${step}`).toEqual(["0"]);
    expect(texts.length, `step ${step}`).toBeLessThanOrEqual(2);
    expect(answered ? texts : ["0", "1"], `step ${step}`).toEqual(["0", "1"]);
    expect(await ana.texts(groupId, topicId)).toEqual(texts);
    expect(await reader.hall.topics.refused(groupId)).toEqual([]);
    await ana.hall.close();
  }
  expect(steps).toBeGreaterThan(5);
}, 240_000);

test("killed at any step of a removal, the member is out or was never touched, and the group goes on", async () => {
  let steps: number | null = null;
  for (let step = 0; steps === null; step += every) {
    const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
    const { groupId } = await ana.hall.groups.found({ name, description: "", ...rules });
    await ben.comeIn(ana, groupId);
    await ana.hall.settled();
    steps = await dieAt(ana, step, () => ana.hall.groups.remove(groupId, ben.accountId));
    await ana.hall.settled();
    const { era, memberCount } = await ana.hall.groups.get(groupId);
    expect([`0 2`, `1 1`], `step ${step}`).toContain(`${era} ${memberCount}`);
    const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "After" });
    await ana.hall.settled();
    await ben.hall.settled();
    const readable = await ben.texts(groupId, topicId).catch(() => []);
    expect(readable, `step ${step}`).toEqual(era === 1 ? [] : ["After"]);
    await ana.hall.close();
    await ben.hall.close();
  }
  expect(steps).toBeGreaterThan(10);
}, 240_000);
