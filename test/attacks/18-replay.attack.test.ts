import { toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld, type LogItems } from "../world.ts";

type Item = LogItems[number];
type RecordItem = Extract<Item, { readonly kind: "record" }>;

const isRecord = (item: Item): item is RecordItem => item.kind === "record";

test("attack 18: records that the hall gives again at later places of the same log are read once", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await bongani.close();
  await ana.post(group, "once");
  await world.settle();
  let given = 0;
  bongani.between.lies = {
    items: (items) => {
      const records = items.filter(isRecord);
      given += records.length;
      const last = items.at(-1)?.seq ?? 0;
      return [...items, ...[...records, ...records].map((record, at) => ({ ...record, seq: last + 1 + at }))];
    },
  };
  await bongani.reopen();
  await world.settle();
  expect(given).toBeGreaterThan(0);
  expect(await bongani.texts(group)).toEqual(["opening", "once"]);
  expect((await bongani.hall.topics.get(group.groupId, group.topicId)).posts).toBe(2);
});

test("attack 18: moved to another topic, another era, another id or another place, a record is refused and the true one stays", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  const other = await ana.hall.topics.create(group.groupId, { title: "Canteen", text: "soup" });
  await world.settle();
  await ana.remove(chidi, group);
  await world.settle();
  // The hall gives each new post a second time: into the other topic, as of the era before, under another id.
  const topic = new Uint8Array(Buffer.from(other.topicId, "hex"));
  const forged = new Set<string>();
  const forge = (items: LogItems): LogItems => {
    const records = items.filter((item) => isRecord(item) && item.topic !== null && item.era === 1);
    const lies = records.filter(isRecord).map((record, at) => {
      forged.add(toHex(record.recordId));
      if (at % 3 === 0) return { ...record, topic };
      if (at % 3 === 1) return { ...record, era: 0 };
      return { ...record, recordId: record.recordId.map((byte) => byte ^ 1) };
    });
    const last = items.at(-1)?.seq ?? 0;
    return [...items, ...lies.map((lie, at) => ({ ...lie, seq: last + 1 + at }))];
  };
  await bongani.close();
  for (const text of ["one", "two", "three"]) await ana.post(group, text);
  await world.settle();
  bongani.between.lies = { items: forge };
  await bongani.reopen();
  await world.settle();
  expect(forged.size).toBeGreaterThanOrEqual(3);
  expect(await bongani.texts(group)).toEqual(["opening", "one", "two", "three"]);
  expect(await bongani.texts({ ...group, topicId: other.topicId })).toEqual(["soup"]);
  const refused = await bongani.hall.topics.refused(group.groupId);
  expect(refused.length).toBeGreaterThanOrEqual(3);
  for (const { reason } of refused) expect(["stub-forged", "wrong-id", "moved"]).toContain(reason);
});

test("attack 18: records of one group given in another open nowhere and show nothing", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const first = await ana.foundGroup("Waste services", { admits: [bongani] });
  const second = await ana.foundGroup("Organising", { admits: [bongani] });
  await ana.post(first, "only here");
  await world.settle();
  const { held } = await bongani.group(first.groupId);
  const rows = await world.hall.app.databases.groups
    .selectFrom("log_item")
    .innerJoin("working_group", "working_group.no", "log_item.group_no")
    .where("working_group.id", "=", Buffer.from(held.groupId))
    .where("log_item.kind", "=", 2)
    .select(["record_id", "topic", "target", "log_item.era", "expires", "day", "sealed"])
    .execute();
  const stolen = rows.flatMap(({ record_id, topic, target, era, expires, day, sealed }): RecordItem[] =>
    record_id === null || sealed === null || era === null
      ? []
      : [
          {
            kind: "record",
            seq: 0,
            day,
            recordId: plain(record_id),
            topic: topic && plain(topic),
            target: target && plain(target),
            era,
            expires,
            sealed: plain(sealed),
          },
        ],
  );
  expect(stolen.length).toBeGreaterThan(2);
  await bongani.close();
  await ana.post(second, "new here");
  await world.settle();
  bongani.between.lies = {
    items: (items) => {
      const last = items.at(-1)?.seq ?? 0;
      return [...items, ...stolen.map((record, at) => ({ ...record, seq: last + 1 + at }))];
    },
  };
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(first)).toEqual(["opening", "only here"]);
  expect(await bongani.texts(second)).toEqual(["opening", "new here"]);
  expect((await bongani.hall.topics.list(second.groupId)).map(({ title }) => title)).toEqual([
    "Organising: first topic",
  ]);
  expect((await bongani.hall.topics.refused(second.groupId)).length).toBeGreaterThanOrEqual(stolen.length);
});

/** Bytes of the database as the codecs know them. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
