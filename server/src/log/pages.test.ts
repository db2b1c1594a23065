import { afterAll, beforeAll, expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import { TopicPage, type WireRecord } from "../contract/log.ts";
import type { LiveClient } from "../groups/testing/live-client.ts";
import { GroupWorld, uncbor } from "../groups/testing/group-world.ts";
import { bytes, record, type TestGroup } from "../groups/testing/test-group.ts";
import { expireSome } from "./tombstones.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const text = (id: Uint8Array | null): string => Buffer.from(id ?? []).toString("base64url");

async function send(client: LiveClient, group: TestGroup, records: readonly WireRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += 50)
    await client.expect("appended", { kind: "append", group: group.id, records: records.slice(from, from + 50) });
}

async function opened() {
  const { group, steward } = await world.found();
  const client = await world.subscriber(group, 0, 1);
  return { group, steward, client, token: await world.token(group, 0) };
}

test("pages upwards join without a gap, and the last one says that it is the last", async () => {
  const { group, client, token } = await opened();
  await send(
    client,
    group,
    Array.from({ length: 24 }, () => record(0)),
  );
  const seqs: number[] = [];
  let after: number | null = 0;
  const pages: number[] = [];
  while (after !== null) {
    const { items, next }: Awaited<ReturnType<GroupWorld["page"]>> = await world.page(
      token,
      world.path(group, `/log?after=${after}&limit=10`),
    );
    pages.push(items.length);
    seqs.push(...items.map(({ seq }) => seq));
    after = next;
  }
  expect(pages).toEqual([10, 10, 5]);
  expect(seqs).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
});

test("a page holds 2 MiB at most, yet always one item", async () => {
  const { group, client, token } = await opened();
  const large = Array.from({ length: 40 }, () => record(0, { sealed: bytes(groupLimits.recordBytes) }));
  await send(client, group, large);
  const { items, next } = await world.page(token, world.path(group, "/log?after=1&limit=500"));
  expect(items.length).toBe(groupLimits.pageBytes / groupLimits.recordBytes);
  expect(next).toBe(items.at(-1)?.seq);
  const rest = await world.page(token, world.path(group, `/log?after=${next ?? 0}&limit=500`));
  expect([rest.items.length, rest.next]).toEqual([40 - items.length, null]);
});

test("only=chain gives entries and commands", async () => {
  const { group, steward, client, token } = await opened();
  await send(client, group, [record(0)]);
  await client.expect("appended", { kind: "chain", group: group.id, chain: group.entry({ index: 1, era: 0 }) });
  const limits = steward.sign(group.id, { kind: "limits", limits: [{ name: "record-bytes", value: null }] });
  await world.ask("POST", world.path(group, "/commands"), { body: limits });
  const { items, newestSeq } = await world.page(token, world.path(group, "/log?after=0&limit=500&only=chain"));
  expect(items.map(({ kind, seq }) => [kind, seq])).toEqual([
    ["entry", 1],
    ["entry", 3],
    ["command", 4],
  ]);
  expect(newestSeq).toBe(4);
});

test("a topic is paged newest first and upwards, and holds nothing of other topics", async () => {
  const { group, client, token } = await opened();
  const topic = bytes(16);
  const own = Array.from({ length: 5 }, () => record(0, { topic }));
  await send(
    client,
    group,
    own.flatMap((each) => [each, record(0, { topic: bytes(16) }), record(0)]),
  );
  const path = world.path(group, `/topics/${text(topic)}/log`);
  const newest = await world.page(token, `${path}?limit=2`);
  expect(newest.items.map(({ seq }) => seq)).toEqual([14, 11]);
  const older = await world.page(token, `${path}?limit=3&before=${newest.next ?? 0}`);
  expect([older.items.map(({ seq }) => seq), older.next]).toEqual([[8, 5, 2], null]);
  const upwards = await world.page(token, `${path}?limit=3&after=5`);
  expect([upwards.items.map(({ seq }) => seq), upwards.next]).toEqual([[8, 11, 14], null]);
  expect((await world.ask("GET", `${path}?limit=3&after=5&before=9`, { token })).code).toBe("malformed-request");
});

test("what hangs on a target is paged, its latest with limit 1, and one record is found by its id", async () => {
  const { group, client, token } = await opened();
  const target = bytes(16);
  const [first, second] = [record(0, { target, topic: bytes(16) }), record(0, { target })];
  await send(client, group, [first, record(0, { target: bytes(16) }), second]);
  const path = world.path(group, `/targets/${text(target)}/log`);
  expect((await world.page(token, `${path}?limit=9`)).items.map(({ seq }) => seq)).toEqual([4, 2]);
  expect((await world.page(token, `${path}?limit=1`)).items).toMatchObject([{ seq: 4, recordId: second.recordId }]);
  const one = await world.page(token, world.path(group, `/records/${text(first.recordId)}`));
  expect(one.items).toMatchObject([{ seq: 2, sealed: first.sealed }]);
  const missing = world.path(group, `/records/${text(bytes(16))}`);
  expect((await world.ask("GET", missing, { token })).code).toBe("unknown-record");
});

test("of every piece of state the latest is given, and nothing that stands in a topic", async () => {
  const { group, client, token } = await opened();
  const [profile, name] = [bytes(16), bytes(16)];
  await send(client, group, [
    record(0, { target: profile }),
    record(0, { target: name }),
    record(0, { target: profile, topic: bytes(16) }),
    record(0, { target: profile }),
    record(0, { target: name, topic: bytes(16) }),
  ]);
  const { items } = await world.page(token, world.path(group, "/state?after=0&limit=500"));
  expect(items.map(({ seq }) => seq)).toEqual([3, 5]);
});

test("topics come by latest activity, each with its count, its first record and its newest ones", async () => {
  const { group, client, token } = await opened();
  const [one, two, three] = [bytes(16), bytes(16), bytes(16)];
  const order = [one, two, one, three, one, two];
  await send(
    client,
    group,
    order.map((topic) => record(0, { topic })),
  );
  const read = async (query: string) => {
    const { bytes: page } = await world.ask("GET", world.path(group, `/topics?${query}`), { token });
    return uncbor(TopicPage, page);
  };
  const { topics, next, newestSeq } = await read("limit=2&newest=2");
  const shown = topics.map(({ topic, records, first, newest }) => [
    topic,
    records,
    first.seq,
    newest.map(({ seq }) => seq),
  ]);
  expect(shown).toEqual([
    [two, 2, 3, [7, 3]],
    [one, 3, 2, [6, 4]],
  ]);
  expect([next, newestSeq]).toEqual([6, 7]);
  const rest = await read(`limit=2&newest=0&before=${next ?? 0}`);
  expect(rest.topics.map(({ topic, newest }) => [topic, newest])).toEqual([[three, []]]);
  expect(rest.next).toBeNull();
});

test("a page of topics holds 2 MiB at most, yet always one topic whole", async () => {
  const { group, client, token } = await opened();
  const topics = Array.from({ length: 6 }, () => bytes(16));
  await send(
    client,
    group,
    topics.flatMap((topic) =>
      Array.from({ length: 12 }, () => record(0, { topic, sealed: bytes(groupLimits.recordBytes) })),
    ),
  );
  const { bytes: page } = await world.ask("GET", world.path(group, "/topics?limit=100&newest=20"), { token });
  const { topics: shown, next } = uncbor(TopicPage, page);
  expect(shown.map(({ newest }) => newest.length)).toEqual([12, 12]);
  const { bytes: rest } = await world.ask("GET", world.path(group, `/topics?limit=100&newest=1&before=${next ?? 0}`), {
    token,
  });
  expect(uncbor(TopicPage, rest).topics).toHaveLength(4);
});

test.each([
  "/log?after=0&limit=501",
  "/log?after=0&limit=0",
  "/log?limit=5",
  "/log?after=-1&limit=5",
  "/topics?limit=101&newest=1",
  "/topics?limit=1&newest=21",
])("%s is refused", async (path) => {
  const { group, token } = await opened();
  expect((await world.ask("GET", world.path(group, path), { token })).code).toBe("malformed-request");
});

test("a record's body goes on its day, in every group, and its tombstone says so", async () => {
  const { group, client, token } = await opened();
  const today = Math.floor(Date.UTC(2026, 5, 1) / 86_400_000);
  await send(client, group, [record(0, { expires: today + 1 }), record(0, { expires: today + 2 }), record(0)]);
  while (!(await expireSome(world.hall.databases.groups, today + 1))) continue;
  const { items } = await world.page(token, world.path(group, "/log?after=1&limit=9"));
  expect(items.map((item) => (item.kind === "tombstone" ? item.reason : item.kind))).toEqual([
    "expired",
    "record",
    "record",
  ]);
});
