import { afterAll, beforeAll, expect, test } from "vitest";
import { dayOf } from "../../../../server/src/clock.ts";
import { testNow } from "../../../../server/src/testing/test-app.ts";
import { chainRequests } from "./chain-request-store.ts";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";
import { SteppingClock } from "./testing/stepping-clock.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

/** Ana facilitates a group that Ben is in, and somebody has filled today's entries without a facilitator's signature. */
async function spentGroup(): Promise<{
  readonly ana: Person;
  readonly ben: Person;
  readonly clock: SteppingClock;
  readonly groupId: string;
  readonly topicId: string;
}> {
  const clock = new SteppingClock();
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben", clock)];
  const rules = { history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  await ana.hall.settled();
  await ben.hall.settled();
  await setEntriesToday(groupId, 1_000_000);
  return { ana, ben, clock, groupId, topicId };
}

async function setEntriesToday(groupId: string, entries: number): Promise<void> {
  await hall.app.databases.groups
    .updateTable("working_group")
    .set({ entries_day: dayOf(testNow), entries_on_day: entries })
    .where("id", "=", Buffer.from(groupId, "hex"))
    .execute();
}

/** Resolves when an act of somebody's on the chain may have been sent. */
async function whenActIsOut(person: Person, groupId: string): Promise<void> {
  const { held } = await person.openGroup(groupId);
  const isOut = async (): Promise<boolean> => {
    const entries = await held.store.map(chainRequests, held.groupId).entries();
    return entries.some(({ value }) => value.made !== null);
  };
  await expect.poll(isOut, { timeout: 10_000 }).toBe(true);
}

test("what somebody writes is sent although an act of theirs waits for room in the day's entries", async () => {
  const { ana, ben, clock, groupId, topicId } = await spentGroup();
  // Coming back waits a while for its act, too.
  const hurry = setInterval(() => clock.advance(5_000), 100);
  const again = await ben.recoverOnNewDevice();
  clearInterval(hurry);
  await again.until(async () => (await again.hall.groups.list()).some(({ standing }) => standing.kind === "member"));
  await whenActIsOut(again, groupId);
  await again.hall.topics.reply(groupId, topicId, "Tomorrow");
  clock.advance(60_000);
  await ana.until(async () => (await ana.texts(groupId, topicId)).includes("Tomorrow"));
  await again.hall.close();
}, 30_000);

test("behind a leave that waits nothing is sent, as none of it would count", async () => {
  const { ana, ben, clock, groupId, topicId } = await spentGroup();
  const left = ben.hall.groups.leave(groupId);
  await whenActIsOut(ben, groupId);
  await ben.hall.topics.reply(groupId, topicId, "One more thing");
  clock.advance(60_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await setEntriesToday(groupId, 0);
  clock.advance(60_000);
  await left;
  await ana.until(async () => (await ana.hall.groups.get(groupId)).memberCount === 1);
  await ana.hall.settled();
  expect(await ana.texts(groupId, topicId)).toEqual(["When?"]);
  expect(await ana.hall.topics.refused(groupId)).toEqual([]);
}, 30_000);
