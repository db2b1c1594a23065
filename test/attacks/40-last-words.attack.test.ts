import { expect, test } from "vitest";
import { createWorld, type Founded, type LogItems, type Member } from "../world.ts";

type Item = LogItems[number];

/**
 * To this member the hall gives, live, the next record before the entry of this index, and the entry only with the record after that. Resolves
 * to the record's place in the log once it was given.
 */
function recordBeforeItsHead(to: Member, entry: number): Promise<number> {
  const given = Promise.withResolvers<number>();
  let [head, place]: [Item | null, number | null] = [null, null];
  const give = (item: Item): readonly Item[] => {
    if (item.kind === "entry" && item.index === entry) {
      head = item;
      return [];
    }
    if (head === null || item.kind !== "record") return [item];
    if (place === null) {
      place = head.seq;
      given.resolve(place);
      return [{ ...item, seq: place }];
    }
    const late = [{ ...head, seq: place + 1 }, item];
    head = null;
    return late;
  };
  to.between.lies = {
    hold: async ({ url }) => {
      if (url.includes("/log") && head !== null) await given.promise;
    },
    fromServer: (frame) =>
      frame.kind === "items" ? frame.items.flatMap(give).map((item) => ({ ...frame, items: [item] })) : [frame],
  };
  return given.promise;
}

/** Waits until this member has processed the log up to this place. */
async function isAt(member: Member, { groupId }: Founded, place: number): Promise<void> {
  const { held } = await member.group(groupId);
  while (held.snapshot.stored.cursor < place) await new Promise((resolve) => setImmediate(resolve));
}

async function refusedOf(people: readonly Member[], { groupId }: Founded): Promise<readonly (readonly string[])[]> {
  return Promise.all(people.map(async ({ hall }) => (await hall.topics.refused(groupId)).map(({ reason }) => reason)));
}

/** What is shown as counting: what is refused later stays where it stood, and is marked. */
async function countedOf({ hall }: Member, { groupId, topicId }: Founded): Promise<readonly string[]> {
  const { posts } = await hall.topics.posts(groupId, topicId, { from: 0, limit: 50 });
  return posts.flatMap(({ text, state }) => (state.kind === "refused" ? [] : [text]));
}

async function isInChain(member: Member, { groupId }: Founded, act: string): Promise<void> {
  await member.until(
    () => member.chainActs(groupId),
    (acts) => acts.some((one) => one.includes(act)),
  );
}

test("attack 40: a hall that gives a post before its head does not bring a facilitator to sign its author's history away", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await world.settle();
  const given = recordBeforeItsHead(ana, (await ana.group(group.groupId)).state.hashes.length);
  await chidi.hall.groups.leave(group.groupId);
  await isInChain(bongani, group, "leave");
  await bongani.post(group, "after chidi went");
  await isAt(ana, group, await given);
  await dolores.post(group, "dolores too");
  await isInChain(ana, group, "leave");
  ana.between.lies = {};
  await ana.remove(bongani, group);
  await world.settle();
  const all = ["after chidi went", "dolores too", "opening"];
  for (const reader of [ana, dolores]) expect((await reader.texts(group)).toSorted()).toEqual(all);
  expect(await refusedOf([ana, dolores], group)).toEqual([[], []]);
});

test("attack 40: what the hall showed to one member alone, before its head, is refused by that member too when last words leave it out", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await world.settle();
  await bongani.post(group, "for everybody");
  await world.settle();
  const given = recordBeforeItsHead(dolores, (await dolores.group(group.groupId)).state.hashes.length);
  await chidi.hall.groups.leave(group.groupId);
  for (const one of [ana, bongani]) await isInChain(one, group, "leave");
  // The one who will remove bongani never sees it.
  const withheld = (items: LogItems): LogItems => items.filter(({ kind }) => kind !== "record");
  ana.between.lies = { items: withheld };
  await bongani.post(group, "for dolores alone");
  await isAt(dolores, group, await given);
  await ana.post(group, "by ana");
  await dolores.until(
    () => dolores.texts(group),
    (texts) => texts.includes("for dolores alone"),
  );
  dolores.between.lies = {};
  await ana.remove(bongani, group);
  await isInChain(dolores, group, "remove");
  await dolores.hall.settled();
  expect(await countedOf(dolores, group)).toEqual(["opening", "for everybody", "by ana"]);
  expect(await refusedOf([dolores], group)).toEqual([["beyond-last-words"]]);
});

test("attack 40: a facilitator who cannot read what was written before coming in does not sign it away", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi], history: "from-joining" });
  await world.settle();
  await bongani.post(group, "before dolores came");
  await world.settle();
  await ana.admit(group.groupId, [dolores]);
  await ana.hall.groups.setRole(group.groupId, dolores.accountId, "facilitator");
  await world.settle();
  expect(await dolores.texts(group)).not.toContain("before dolores came");
  await dolores.remove(bongani, group);
  await world.settle();
  for (const reader of [ana, chidi]) expect(await reader.texts(group)).toEqual(["opening", "before dolores came"]);
  expect(await refusedOf([ana, chidi], group)).toEqual([[], []]);
});

test("attack 40: whoever was away during a removal ends with the same verdicts as everybody else", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  // What bongani writes last is shown to chidi, and to nobody else.
  ana.between.lies = { items: (items) => items.filter(({ kind }) => kind !== "record") };
  await bongani.post(group, "for chidi alone");
  await chidi.until(
    () => chidi.texts(group),
    (texts) => texts.includes("for chidi alone"),
  );
  chidi.goOffline();
  await ana.remove(bongani, group);
  chidi.goOnline();
  await isInChain(chidi, group, "remove");
  await chidi.hall.settled();
  expect(await countedOf(chidi, group)).toEqual(["opening"]);
  expect(await refusedOf([chidi], group)).toEqual([["beyond-last-words"]]);
});
