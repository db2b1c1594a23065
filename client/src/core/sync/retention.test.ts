import { eraKeysOf } from "@unionhall/crypto";
import { afterEach, expect, test } from "vitest";
import { testNow } from "../../../../server/src/testing/test-app.ts";
import type { Platform } from "../platform.ts";
import { eraKeys, logItems } from "./group-store.ts";
import { GroupServer } from "./group-server.ts";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";
import { SteppingClock } from "./testing/stepping-clock.ts";

const halls: ListeningHall[] = [];
afterEach(async () => {
  await Promise.all(halls.splice(0).map((hall) => hall[Symbol.asyncDispose]()));
});

/** A hall whose clock is right. */
async function hallOfToday(): Promise<ListeningHall> {
  const hall = await listeningHall();
  halls.push(hall);
  hall.app.advance(Date.now() - testNow);
  return hall;
}

const day = 86_400_000;

async function settle(...people: Person[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const person of people) await person.hall.settled();
}

/** Ana's group, which keeps for a week what is written, with Ben in it and one post. Time passes for everybody together. */
async function weekly(retentionDays = 7) {
  const hall = await hallOfToday();
  const [clock, bens] = [new SteppingClock(), new SteppingClock()];
  const [ana, ben] = [await hall.person("Ana", clock), await hall.person("Ben", bens)];
  const rules = { history: "all", retentionDays } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "on Monday" });
  await settle(ana, ben);
  const pass = async (days: number): Promise<void> => {
    for (const one of [clock, bens]) one.advance(days * day);
    hall.app.advance(days * day);
    await settle(ana, ben);
  };
  return { hall, ana, ben, groupId, topicId, pass, clock };
}

/** The bodies of topics and posts that this device still holds, and the eras of which it holds content keys. */
async function held(person: Person, groupId: string) {
  const { groupId: id } = await person.group(groupId);
  const { store } = await person.parts();
  const items = await store.list(logItems, id).range({ limit: 500, direction: "forward" });
  const keys = await store.map(eraKeys, id).entries();
  return {
    bodies: items.filter(({ value }) => value.kind === "record" && value.topic !== null).length,
    contentKeys: keys.flatMap(({ id: era, value }) => (value.contentKey === null ? [] : [Number(era)])),
  };
}

test("what has expired goes from every device by itself; the group, its name and what is younger stay", async () => {
  const { ana, ben, groupId, topicId, pass } = await weekly();
  await pass(4);
  await ben.hall.topics.reply(groupId, topicId, "or Tuesday");
  await settle(ben, ana);
  for (const person of [ana, ben]) expect((await held(person, groupId)).bodies).toBe(2);
  await pass(4.5);
  for (const person of [ana, ben]) {
    expect((await held(person, groupId)).bodies).toBe(1);
    expect((await person.texts(groupId, topicId)).filter((text) => text !== "")).toEqual(["or Tuesday"]);
    expect((await person.hall.topics.list(groupId)).map(({ title }) => title)).not.toContain("Strike");
    expect(await person.hall.groups.get(groupId)).toMatchObject({ name: "Waste services", warnings: [] });
    expect(await person.hall.topics.refused(groupId)).toEqual([]);
  }
});

test("facilitators' programs cut what retention has gone past: content keys go from every device, and boxes and bodies from the hall", async () => {
  const { hall, ana, ben, groupId, topicId, pass } = await weekly();
  for (const round of [1, 2, 3]) {
    await pass(8);
    await ana.hall.topics.reply(groupId, topicId, `round ${round}`);
    await settle(ana, ben);
  }
  const { state, groupId: id, newest } = await ben.group(groupId);
  expect(state.cutDay).not.toBeNull();
  for (const person of [ana, ben]) {
    const { contentKeys } = await held(person, groupId);
    expect(contentKeys).not.toContain(0);
    expect(contentKeys).toContain(state.eras.length - 1);
    expect(await person.hall.groups.get(groupId)).toMatchObject({ name: "Waste services", warnings: [] });
  }
  // Also after coming back from nothing but the vault, and with all that the hall has.
  const again = await ben.recoverOnNewDevice();
  await settle(again);
  expect((await held(again, groupId)).contentKeys).not.toContain(0);
  await again.hall.close();
  const { api, clock } = await ben.parts();
  const server = new GroupServer(id, api, hall.origin);
  const token = newest === null ? null : await server.token(eraKeysOf(newest.era, newest.eraKey), clock.now());
  const links = token === null ? null : await server.links(token.token, 1, state.eras.length - 1);
  expect(links?.find(({ era }) => era === 1)?.links.map(({ content }) => content)).toEqual([null]);
});

test("a facilitator's clock that is weeks ahead cuts nothing before its time, and once it is right what is due goes", async () => {
  const { ana, ben, groupId, topicId, pass, clock } = await weekly(30);
  await pass(8);
  await ben.hall.topics.reply(groupId, topicId, "a new era");
  await settle(ben, ana);
  clock.advance(40 * day);
  for (const _ of [1, 2]) {
    await settle(ana, ben);
    await ana.reopen();
    await settle(ana, ben);
  }
  for (const person of [ana, ben]) expect((await person.group(groupId)).state.cutDay).toBeNull();
  expect((await held(ben, groupId)).contentKeys).toContain(0);
  clock.advance(-40 * day);
  for (const _ of [1, 2, 3, 4, 5, 6]) await pass(8);
  expect((await ben.group(groupId)).state.cutDay).not.toBeNull();
  expect((await held(ana, groupId)).contentKeys).not.toContain(0);
});

/** A hall that keeps what a cut should take. */
function keepingAll(platform: Platform): Platform {
  const refusal = { type: "about:blank", title: "no", status: 409, code: "cut-refused", detail: "no" };
  const reply = {
    status: 409,
    headers: { "content-type": "application/problem+json" },
    body: new TextEncoder().encode(JSON.stringify(refusal)),
  };
  const { http } = platform;
  return {
    ...platform,
    http: { send: async (request) => (request.url.endsWith("/commands") ? reply : http.send(request)) },
  };
}

test("a hall that keeps what a cut took brings none of it back to a device that comes anew", async () => {
  const { ana, ben, groupId, pass } = await weekly();
  await ana.reopen(keepingAll);
  for (const _ of [1, 2, 3]) await pass(8);
  const { state } = await ben.group(groupId);
  expect(state.cutDay).not.toBeNull();
  const again = await ben.recoverOnNewDevice();
  await settle(again);
  const { contentKeys } = await held(again, groupId);
  expect(contentKeys).toContain(state.eras.length - 1);
  expect(contentKeys).not.toContain(0);
  expect(await again.hall.groups.get(groupId)).toMatchObject({ name: "Waste services", warnings: [] });
  await again.hall.close();
});
