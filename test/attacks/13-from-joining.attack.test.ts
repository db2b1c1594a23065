import { contentKeyBefore, eraKeysOf, openRecord, toHex, type EraLink, type RecordKeys } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type Founded, type Member } from "../world.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani" | "chidi">>>;
let group: Founded;
/** The era that began with the newcomer's admission. */
let entered = 0;

/** History from joining: three posts before the newcomer, an era in between, one after. */
beforeAll(async () => {
  world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  group = await ana.foundGroup("Waste services", { admits: [bongani], history: "from-joining" });
  await world.settle();
  await bongani.post(group, "before, by bongani");
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 1 }]);
  await ana.post(group, "before, in another era");
  await ana.hall.topics.create(group.groupId, { title: "Over and done", text: "before, in a topic of its own" });
  await world.settle();
  await ana.admit(group.groupId, [chidi]);
  entered = (await ana.hall.groups.get(group.groupId)).era;
  await world.settle();
  await ana.post(group, "after");
  await world.settle();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const before = ["opening", "before, by bongani", "before, in another era"];

test("attack 13: the newcomer's program shows what was written after it came, and of the rest not even the title", async () => {
  const { ana, bongani, chidi } = world;
  for (const member of [ana, bongani]) expect(await member.texts(group)).toEqual([...before, "after"]);
  expect(await chidi.texts(group)).toEqual(["after"]);
  const shown = JSON.stringify([
    await chidi.hall.topics.list(group.groupId),
    await chidi.hall.groups.get(group.groupId),
  ]);
  expect(shown).not.toContain("first topic");
  expect(await chidi.warnings(group.groupId)).toEqual([]);
});

test("attack 13: a topic from before is listed only for what can be read of it, and says why it has no title", async () => {
  const { bongani, chidi } = world;
  expect(await bongani.hall.topics.list(group.groupId)).toHaveLength(2);
  expect(await chidi.hall.topics.list(group.groupId)).toMatchObject([
    { topicId: group.topicId, title: null, untitled: "before-you-came", posts: 1, latestBy: { name: "ana" } },
  ]);
});

test("attack 13: with every row the server has, the newcomer's keys open no content from before", async () => {
  const opened = await openedBy(world.chidi);
  expect(opened.records).toBeGreaterThan(6);
  expect(opened.bodies.filter(({ era }) => era < entered)).toEqual([]);
  expect(opened.bodies.filter(({ era }) => era >= entered).length).toBeGreaterThan(0);
  // The same search with the keys of who was there finds everything.
  const all = await openedBy(world.bongani);
  for (const text of [...before, "after"]) expect(all.bodies.map((one) => one.text)).toContain(text);
});

test("attack 13: no link on the server leads from the newcomer's era to the content before it", async () => {
  const links = await linksHeld();
  expect(links.get(entered)?.length).toBeGreaterThan(0);
  for (const link of links.get(entered) ?? []) expect(link.content).toBeNull();
  // An era that admitted nobody does link its content: who was there walks on.
  expect([...links.values()].flat().some(({ content }) => content !== null)).toBe(true);
});

test("attack 13: the newcomer still sees the whole chain and who is in the group by name", async () => {
  const { chidi } = world;
  const members = await chidi.hall.groups.members(group.groupId);
  expect(members.map(({ profile }) => profile.name).toSorted()).toEqual(["ana", "bongani", "chidi"]);
  expect((await chidi.hall.groups.get(group.groupId)).name).toBe("Waste services");
  expect((await chidi.chainActs(group.groupId))[0]).toContain("found");
});

interface Opened {
  readonly records: number;
  readonly bodies: readonly { readonly era: number; readonly text: string }[];
}

/** Tries every content key that a member holds, or that any link on the server leads to, on every content record of the log. */
async function openedBy(member: Member): Promise<Opened> {
  const { held } = await member.group(group.groupId);
  const { keys, state, stored } = held.snapshot;
  const contentKeys = new Map<string, Uint8Array>();
  for (const { contentKey } of keys.values()) if (contentKey !== null) contentKeys.set(toHex(contentKey), contentKey);
  const newest = stored.newest;
  if (newest !== null) contentKeys.set(toHex(newest.eraKey), eraKeysOf(newest.era, newest.eraKey).contentKey);
  const links = [...(await linksHeld()).values()].flat();
  for (const key of contentKeys.values())
    for (const era of state.eras) {
      const older = contentKeyBefore(held.groupId, era, key, links);
      if (older !== null) contentKeys.set(toHex(older), older);
    }
  const rows = await world.hall.app.databases.groups.selectFrom("log_item").selectAll().where("kind", "=", 2).execute();
  const bodies: { era: number; text: string }[] = [];
  for (const { record_id, topic, target, era, expires, sealed } of rows) {
    if (record_id === null || era === null || sealed === null) continue;
    const record = {
      recordId: plain(record_id),
      topic: topic && plain(topic),
      target: target && plain(target),
      era,
      expires,
      sealed: plain(sealed),
    };
    for (const contentKey of contentKeys.values())
      for (const chain of keys.values()) {
        const firstChainKey = keys.get(0)?.chainKey ?? chain.chainKey;
        const tried: RecordKeys = { groupId: held.groupId, chainKey: chain.chainKey, contentKey, firstChainKey };
        const opened = openRecord(record, tried);
        if (opened.kind === "opened" && opened.body.kind !== "unknown" && "text" in opened.body)
          bodies.push({ era, text: opened.body.text ?? "" });
      }
  }
  return { records: rows.length, bodies };
}

async function linksHeld(): Promise<ReadonlyMap<number, readonly EraLink[]>> {
  const { groupId } = await world.ana.group(group.groupId);
  const rows = await world.hall.app.databases.groups
    .selectFrom("era_link")
    .innerJoin("working_group", "working_group.no", "era_link.group_no")
    .where("working_group.id", "=", Buffer.from(groupId))
    .select(["era_link.era", "era_link.chain", "era_link.content"])
    .execute();
  const links = rows.map(({ era, chain, content }) => ({
    era,
    chain: plain(chain),
    content: content && plain(content),
  }));
  return Map.groupBy(links, ({ era }) => era);
}

/** Bytes of the database as the codecs know them. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
