import { afterAll, beforeAll, expect, test } from "vitest";
import { ownLabels } from "./own-boxes.ts";
import { SteppingClock } from "./testing/stepping-clock.ts";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const rules = { history: "all", retentionDays: null } as const;
const day = 86_400_000;

async function settle(...people: Person[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const person of people) await person.hall.settled();
}

/** A group of two, and the way to its tables. */
async function group(clock?: SteppingClock) {
  const [ana, ben] = [await hall.person("Ana", clock), await hall.person("Ben", clock)];
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  await settle(ana, ben);
  return { ana, ben, groupId };
}

test("a week passes, and a facilitator's program begins a new era", async () => {
  const clock = new SteppingClock();
  const { ana, ben, groupId } = await group(clock);
  clock.advance(8 * day);
  await settle(ana, ben);
  expect((await ana.hall.groups.get(groupId)).era).toBe(1);
  expect(await ben.hall.groups.get(groupId)).toMatchObject({ era: 1, eraDue: [], warnings: [] });
});

test("after somebody left, an era is due until a facilitator's program has begun it", async () => {
  const clock = new SteppingClock();
  const { ana, ben, groupId } = await group(clock);
  const chi = await hall.person("Chi", clock);
  await chi.comeIn(ana, groupId);
  await settle(ana, chi);
  // With no facilitator's program there, nobody begins it, however soon that would be.
  await ana.hall.close();
  await ben.hall.groups.leave(groupId);
  await settle(chi);
  expect((await chi.hall.groups.get(groupId)).eraDue).toEqual([{ reason: "left", name: "Ben" }]);
  await ana.reopen();
  await settle(ana);
  clock.advance(60_000);
  await settle(ana);
  expect(await ana.hall.groups.get(groupId)).toMatchObject({ era: 1, eraDue: [] });
});

test("an era that has been due for more than a minute is begun by a program that is open for a moment only", async () => {
  const clock = new SteppingClock("when told");
  const { ana, ben, groupId } = await group(clock);
  const chi = await hall.person("Chi", clock);
  await chi.comeIn(ana, groupId);
  await settle(ana, chi);
  await ana.hall.close();
  await ben.hall.groups.leave(groupId);
  await settle(chi);
  // Not at once: programs of other facilitators may be about to.
  await ana.reopen();
  await settle(ana);
  expect((await ana.hall.groups.get(groupId)).era).toBe(0);
  await ana.hall.close();
  clock.advance(70_000);
  await ana.reopen();
  await settle(ana);
  expect(await ana.hall.groups.get(groupId)).toMatchObject({ era: 1, eraDue: [] });
  await ana.hall.close();
  clock.advance(8 * day);
  await ana.reopen();
  await settle(ana);
  expect((await ana.hall.groups.get(groupId)).era).toBe(2);
});

test("a box that the hall lost is put back by another member's program, who says so", async () => {
  const { ana, ben, groupId } = await group();
  await ben.hall.close();
  await hall.app.databases.groups.deleteFrom("group_box").execute();
  await ana.reopen();
  await settle(ana);
  const { warnings } = await ana.hall.groups.get(groupId);
  expect(warnings.map(({ kind }) => kind)).toEqual(["box-repaired", "box-repaired"]);
  await (await ana.group(groupId)).propose([{ kind: "new-era", after: 0 }]);
  await settle(ana);
  await ana.hall.close();
  await ben.reopen();
  await settle(ben);
  expect((await ben.hall.groups.get(groupId)).era).toBe(1);
});

test("a lost box of an older era is put back where nothing but boxes leads there", async () => {
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben")];
  const chi = await hall.person("Chi");
  const fromJoining = { history: "from-joining", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...fromJoining });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "before Chi" });
  await chi.comeIn(ana, groupId);
  await settle(ana, ben, chi);
  const { state, groupId: id } = await ana.group(groupId);
  const [labelKey] = state.eras.flatMap((era) => (era.number === 1 ? [era.labelKey] : []));
  if (labelKey === undefined) throw new TypeError("an admission starts an era");
  const anas = ownLabels(id, (await ana.parts()).account, { era: 1, labelKey });
  const lost = await hall.app.databases.groups
    .deleteFrom("group_box")
    .where("era", "=", 1)
    .where(
      "label",
      "not in",
      anas.map((label) => Buffer.from(label)),
    )
    .executeTakeFirst();
  expect(Number(lost.numDeletedRows)).toBeGreaterThan(0);
  await ana.reopen();
  await settle(ana);
  const again = await ben.recoverOnNewDevice();
  await settle(again);
  expect(await again.texts(groupId, topicId)).toEqual(["before Chi"]);
  await again.hall.close();
});

test("a link that the hall lost is put back, and whoever comes back from further away finds the way", async () => {
  const { ana, ben, groupId } = await group();
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "0" });
  await settle(ana, ben);
  await ben.hall.close();
  for (const after of [0, 1]) await (await ana.group(groupId)).propose([{ kind: "new-era", after }]);
  await ana.hall.topics.reply(groupId, topicId, "1");
  await settle(ana);
  await hall.app.databases.groups.deleteFrom("era_link").execute();
  await ana.reopen();
  await settle(ana);
  expect((await ana.hall.groups.get(groupId)).warnings.map(({ kind }) => kind)).toEqual([
    "link-repaired",
    "link-repaired",
  ]);
  await ben.reopen();
  await settle(ben);
  expect(await ben.texts(groupId, topicId)).toEqual(["0", "1"]);
});

test("a hall that obeys somebody else is noticed and told whom to obey", async () => {
  const { ana, groupId } = await group();
  const tables = hall.app.databases.groups;
  const row = await tables
    .selectFrom("working_group")
    .select("no")
    .where("id", "=", Buffer.from(groupId, "hex"))
    .executeTakeFirstOrThrow();
  const stranger = Buffer.alloc(32, 7);
  await tables
    .insertInto("group_steward")
    .values({ group_no: row.no, key: stranger, counter: 0, listed: true })
    .execute();
  await ana.reopen();
  await settle(ana);
  expect((await ana.hall.groups.get(groupId)).warnings.map(({ kind }) => kind)).toEqual(["stewards-differ"]);
  const listed = await tables
    .selectFrom("group_steward")
    .select("key")
    .where("group_no", "=", row.no)
    .where("listed", "=", true)
    .execute();
  expect(listed).toHaveLength(1);
  expect(Buffer.from(listed[0]?.key ?? []).equals(stranger)).toBe(false);
});
