import { sql } from "kysely";
import { expect, test } from "vitest";
import { decodeWire, encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import { LogPage } from "../../server/src/contract/index.ts";
import { createWorld, type Founded, type LogItems, type Member } from "../world.ts";

async function stateOf({ hall }: Member, { groupId, topicId }: Founded, text: string): Promise<string | null> {
  const { posts } = await hall.topics.posts(groupId, topicId, { from: 0, limit: 50 });
  return posts.find((post) => post.text === text)?.state.kind ?? null;
}

async function gapsOf({ hall }: Member, { groupId }: Founded): Promise<readonly string[]> {
  const { warnings } = await hall.groups.get(groupId);
  return warnings.filter(({ kind }) => kind === "gap").map(({ detail }) => detail);
}

test("attack 19: the hall leaves out a post in the middle: nothing after it is shown as the whole, and it is said until it comes", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  const { cursor } = (await bongani.group(group.groupId)).held.snapshot.stored;
  const withheld = (items: LogItems): LogItems => items.filter(({ seq }) => seq !== cursor + 2);
  bongani.between.lies = { items: withheld };
  for (const text of ["one", "two", "three"]) await ana.post(group, text);
  await ana.remove(chidi, group);
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "one"]);
  expect(await gapsOf(bongani, group)).toHaveLength(1);
  // What members decide goes on all the same, and so does writing.
  expect((await bongani.hall.groups.get(group.groupId)).memberCount).toBe(2);
  await bongani.post(group, "by bongani");
  await world.settle();
  expect(await ana.texts(group)).toEqual(["opening", "one", "two", "three", "by bongani"]);

  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "one", "two", "three", "by bongani"]);
  expect(await gapsOf(bongani, group)).toEqual([]);
}, 60_000);

test("attack 19: the hall drops the tail: it is said, and not taken for the end", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await bongani.close();
  for (const text of ["one", "two"]) await ana.post(group, text);
  await world.settle();
  bongani.between.lies = { items: (items) => items.slice(0, -1) };
  await bongani.reopen();
  await world.settle();
  expect(await gapsOf(bongani, group)).toHaveLength(1);
  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "one", "two"]);
  expect(await gapsOf(bongani, group)).toEqual([]);
}, 60_000);

test("attack 19: the hall acknowledges a post and drops it: its author sends the same again, and says so", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await bongani.close();
  const { groupId } = group;
  ana.between.lies = { fromServer: (frame) => (frame.kind === "items" ? [] : [frame]) };
  await ana.post(group, "acknowledged");
  await ana.until(
    () => stateOf(ana, group, "acknowledged"),
    (state) => state === "sent",
  );
  const db = world.hall.app.databases.groups;
  const id = Buffer.from(groupId, "hex");
  const { no, seq } = await db
    .selectFrom("working_group")
    .select(["no", "seq"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  await sql`delete from log_item where group_no = ${no} and seq = ${seq}`.execute(db);
  await sql`update working_group set seq = seq - 1 where no = ${no}`.execute(db);

  let asked = 0;
  const sending = Promise.withResolvers<void>();
  ana.between.lies = {
    toServer: (frame) => {
      if (frame.kind !== "append") return [frame];
      asked++;
      sending.resolve();
      return [];
    },
  };
  await bongani.reopen();
  await bongani.post(group, "by bongani");
  await bongani.hall.settled();
  ana.between.hangUp();
  ana.hall.wake();
  await sending.promise;
  expect(asked).toBe(1);
  expect(await stateOf(ana, group, "acknowledged")).toBe("sending");
  expect(await gapsOf(ana, group)).toHaveLength(1);

  ana.between.lies = {};
  ana.between.hangUp();
  ana.hall.wake();
  await ana.until(
    () => stateOf(ana, group, "acknowledged"),
    (state) => state === "sent",
  );
  await world.settle();
  for (const reader of [ana, bongani]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["acknowledged", "by bongani", "opening"]);
    expect(await stateOf(reader, group, "acknowledged")).toBe("sent");
  }
}, 60_000);

test("attack 19: the hall says that an era has ended when it took the post: the next one names what the hall has", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  let lied = 0;
  ana.between.lies = {
    items: (items) => items.filter(({ kind }) => kind !== "record"),
    fromServer: (frame) => {
      if (frame.kind !== "appended" || lied > 0) return [frame];
      lied++;
      return [
        {
          kind: "refused",
          request: frame.request,
          code: "era-ended",
          seqs: [],
          hash: null,
          newest: null,
          retryAfterSeconds: null,
        },
      ];
    },
  };
  await ana.post(group, "one");
  await ana.until(
    () => stateOf(ana, group, "one"),
    (state) => state === "sent",
  );
  await ana.post(group, "two");
  await world.settle();
  expect(lied).toBe(1);
  expect(await bongani.texts(group)).toEqual(["opening", "one", "two"]);
  expect(await gapsOf(bongani, group)).toEqual([]);
}, 60_000);

test("attack 19: pages that lead nowhere, or back, end the reading at once; a hall that comes to its senses is read on", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const change: Readonly<Record<string, (page: LogPage) => LogPage>> = {
    "an empty page and a next": (page) => ({ ...page, items: [], next: page.newestSeq }),
    "the same page for ever": (page) => ({ ...page, next: 0 }),
    "items in another order": (page) => ({ ...page, items: page.items.toReversed() }),
    "items beyond the newest": (page) => ({ ...page, newestSeq: Math.max(0, (page.items.at(-1)?.seq ?? 1) - 1) }),
    "a seq out of all proportion": (page) => ({
      ...page,
      items: page.items.map((item) => ({ ...item, seq: Number.MAX_SAFE_INTEGER })).slice(0, 1),
      newestSeq: Number.MAX_SAFE_INTEGER,
    }),
  };
  for (const [name, lie] of Object.entries(change)) {
    await bongani.close();
    for (const text of [`${name} 1`, `${name} 2`]) await ana.post(group, text);
    await world.settle();
    let asked = 0;
    bongani.between.lies = {
      reply: ({ url }, reply) => {
        if (!new URL(url).pathname.endsWith("/log") || reply.status !== 200) return reply;
        asked++;
        return { ...reply, body: encodeWire(LogPage, lie(decodeWire(LogPage, reply.body))) };
      },
    };
    await bongani.reopen();
    await bongani.hall.settled();
    expect([name, asked]).toEqual([name, expect.toSatisfy((times: number) => times > 0 && times < 12)]);
    bongani.between.lies = {};
    await bongani.reopen();
    await world.settle();
    expect((await bongani.texts(group)).slice(-2)).toEqual([`${name} 1`, `${name} 2`]);
  }
}, 60_000);

test("attack 19: the hall takes somebody's leaving and never answers: the log answers for it", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  bongani.between.lies = { fromServer: (frame) => (frame.kind === "appended" ? [] : [frame]) };
  await bongani.hall.groups.leave(group.groupId);
  expect((await bongani.hall.groups.get(group.groupId)).standing.kind).toBe("left");
  await world.settle();
  expect((await ana.hall.groups.get(group.groupId)).memberCount).toBe(1);
}, 60_000);
