import { recordHash } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import { itemKinds } from "../groups/group-tables.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { bytes, record } from "../groups/testing/test-group.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test("200 concurrent appends from 20 connections get dense, increasing seqs, and all stand in the log", async () => {
  const { group } = await world.found();
  const authors = await Promise.all(Array.from({ length: 20 }, async () => world.subscriber(group, 0, 1)));
  const answers = await Promise.all(
    authors.flatMap((author) =>
      Array.from({ length: 10 }, async () =>
        author.expect("appended", { kind: "append", group: group.id, records: [record(0)] }),
      ),
    ),
  );
  const seqs = answers.flatMap((answer) => answer.seqs).toSorted((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: 200 }, (_, index) => index + 2));
  for (const author of authors) {
    await author.until(() => author.seqs().length === 200);
    expect(author.seqs()).toEqual(seqs);
  }
  const token = await world.token(group, 0);
  const { items } = await world.page(token, world.path(group, "/log?after=1&limit=500"));
  expect(items.map(({ seq }) => seq)).toEqual(seqs);
});

test("what one connection sends stands in the log in the order in which it was sent", async () => {
  const { group } = await world.found();
  const [ana, ben] = [await world.subscriber(group, 0, 1), await world.subscriber(group, 0, 1)];
  const send = async (author: typeof ana) =>
    Promise.all(
      Array.from({ length: 40 }, async () =>
        author.expect("appended", { kind: "append", group: group.id, records: [record(0), record(0)] }),
      ),
    );
  for (const answers of await Promise.all([send(ana), send(ben)])) {
    const seqs = answers.flatMap((answer) => answer.seqs);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  }
});

test("the same record again gets the same seq, in the same batch, on another connection, and after its era", async () => {
  const { group, steward } = await world.found();
  const [ana, ben] = [await world.subscriber(group, 0, 1), await world.subscriber(group, 0, 1)];
  const sent = record(0);
  const ask = { kind: "append", group: group.id, records: [sent] } as const;
  expect((await ana.expect("appended", { ...ask, records: [sent, sent] })).seqs).toEqual([2, 2]);
  expect((await ben.expect("appended", ask)).seqs).toEqual([2]);
  const chain = group.entry({ index: 1, era: 0, starts: 1, steward });
  await ana.expect("appended", { kind: "chain", group: group.id, chain });
  world.hall.advance(10_000);
  const cara = await world.subscriber(group, 1, 0);
  expect((await cara.expect("appended", ask)).seqs).toEqual([2]);
  const { items } = await world.page(await world.token(group, 1), world.path(group, "/log?after=0&limit=500"));
  expect(items.map(({ kind }) => kind)).toEqual(["entry", "record", "entry"]);
});

test("other bytes under a known id are refused with the hash of what stands there", async () => {
  const { group } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const first = record(0);
  await ana.expect("appended", { kind: "append", group: group.id, records: [first] });
  for (const changes of [{ sealed: bytes(600) }, { topic: bytes(16) }, { expires: 30_000 }]) {
    const other = record(0, { recordId: first.recordId, sealed: first.sealed, ...changes });
    const answer = await ana.expect("refused", { kind: "append", group: group.id, records: [other] });
    expect(answer).toMatchObject({ code: "record-exists", seqs: [], hash: recordHash(first) });
  }
});

test("a batch stops at the first refusal; what stood before it is durable, what stood behind is not", async () => {
  const { group } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const records = [record(0), record(0), record(7), record(0)];
  const answer = await ana.expect("refused", { kind: "append", group: group.id, records });
  expect(answer).toMatchObject({ code: "unknown-era", seqs: [2, 3], newest: 0 });
  const { items } = await world.page(await world.token(group, 0), world.path(group, "/log?after=1&limit=10"));
  expect(items.map((item) => item.kind === "record" && item.recordId)).toEqual(
    records.slice(0, 2).map(({ recordId }) => recordId),
  );
});

test("a record of 64 KiB is taken, one of a byte more is refused", async () => {
  const { group } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const of = (length: number) =>
    ({ kind: "append", group: group.id, records: [record(0, { sealed: bytes(length) })] }) as const;
  expect((await ana.ask(of(groupLimits.recordBytes - 1))).kind).toBe("appended");
  expect((await ana.ask(of(groupLimits.recordBytes))).kind).toBe("appended");
  expect(await ana.refusal(of(groupLimits.recordBytes + 1))).toBe("record-too-large");
});

test("an append of more than 4 MiB is refused as a whole", async () => {
  const { group } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const full = Array.from({ length: 64 }, () => record(0, { sealed: bytes(groupLimits.recordBytes) }));
  expect(await ana.refusal({ kind: "append", group: group.id, records: full })).toBe("body-too-large");
  const fits = await ana.expect("appended", { kind: "append", group: group.id, records: full.slice(1) });
  expect(fits.seqs).toHaveLength(63);
});

test("records of an era are taken for five seconds after it ended, and no longer", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const append = { kind: "append", group: group.id } as const;
  await ana.expect("appended", {
    kind: "chain",
    group: group.id,
    chain: group.entry({ index: 1, era: 0, starts: 1, steward }),
  });
  const ben = await world.subscriber(group, 1, 2);
  world.hall.advance(groupLimits.graceSeconds * 1000 - 1);
  await ana.expect("appended", { ...append, records: [record(0)] });
  await ben.expect("appended", { ...append, records: [record(0)] });
  expect(await ana.refusal({ ...append, records: [record(1)] })).toBe("era-ended");
  await ben.expect("appended", { ...append, records: [record(1)] });
  world.hall.advance(1);
  for (const client of [ana, ben]) {
    const answer = await client.expect("refused", { ...append, records: [record(0)] });
    expect(answer).toMatchObject({ code: "era-ended", newest: 1 });
  }
});

test("an older era than the last one is refused at once", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  await ana.expect("appended", {
    kind: "chain",
    group: group.id,
    chain: group.entry({ index: 1, era: 0, starts: 1, steward }),
  });
  const ben = await world.subscriber(group, 1, 2);
  await ben.expect("appended", {
    kind: "chain",
    group: group.id,
    chain: group.entry({ index: 2, era: 1, starts: 2, steward }),
  });
  expect(await ben.refusal({ kind: "append", group: group.id, records: [record(0)] })).toBe("era-ended");
});

test("stopping in the middle of appends loses no acknowledged record and leaves none half told", async () => {
  const own = await GroupWorld.create();
  const { group } = await own.found();
  const author = await own.subscriber(group, 0, 1);
  const sent = Array.from({ length: 120 }, () => record(0));
  const asked = sent.map(async (one) => author.ask({ kind: "append", group: group.id, records: [one] }));
  await asked[0];
  await own.hall.app.close();
  expect(await author.closed).toBe(1001);
  // A transaction that still ran would hold this lock.
  await own.hall.databases.groups.selectFrom("working_group").select("no").forUpdate().execute();
  const stillThere = own.hall.databases.groups.selectFrom("log_item").where("kind", "=", itemKinds.record);
  const rows = await stillThere.select(["seq", "record_id"]).orderBy("seq").execute();
  const stored = new Map(rows.map(({ seq, record_id: id }) => [Buffer.from(id ?? []).toString("hex"), seq]));
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 2));
  const settled = await Promise.all(asked.map(async (answer) => Promise.race([answer, Promise.resolve(null)])));
  const acknowledged = settled.flatMap((answer, index) =>
    answer?.kind === "appended" ? [{ id: sent[index]?.recordId ?? bytes(0), seq: answer.seqs[0] }] : [],
  );
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(rows).toHaveLength(acknowledged.length);
  for (const { id, seq } of acknowledged) expect(stored.get(Buffer.from(id).toString("hex"))).toBe(seq);
  await own.hall.databases[Symbol.asyncDispose]();
});

test("a steward can lower a group's record size and give it back", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const send = async (value: number | null) =>
    world.ask("POST", world.path(group, "/commands"), {
      body: steward.sign(group.id, { kind: "limits", limits: [{ name: "record-bytes", value }] }),
    });
  expect((await send(2_000)).status).toBe(200);
  const large = { kind: "append", group: group.id, records: [record(0, { sealed: bytes(2_001) })] } as const;
  expect(await ana.refusal(large)).toBe("record-too-large");
  expect((await send(groupLimits.recordBytes + 1)).code).toBe("malformed-request");
  expect((await send(null)).status).toBe(200);
  expect((await ana.ask(large)).kind).toBe("appended");
});

test("two groups do not see each other's records", async () => {
  const [one, other] = [await world.found(), await world.found()];
  const ana = await world.subscriber(one.group, 0, 1);
  const sent = record(0);
  await ana.expect("appended", { kind: "append", group: one.group.id, records: [sent] });
  const ben = await world.subscriber(other.group, 0, 1);
  expect((await ben.expect("appended", { kind: "append", group: other.group.id, records: [sent] })).seqs).toEqual([2]);
});

test("appends that come while one is written share the next transaction", async () => {
  const { group } = await world.found();
  const authors = await Promise.all([1, 2, 3].map(async () => world.subscriber(group, 0, 1)));
  const appends = 40;
  const writing = authors.flatMap((author) =>
    Array.from({ length: appends }, async () =>
      author.expect("appended", { kind: "append", group: group.id, records: [record(0)] }),
    ),
  );
  await Promise.all(writing);
  // Every row names the transaction that wrote it.
  const { rows } = await sql<{ records: number; transactions: number }>`
    select count(*)::integer as records, count(distinct i.xmin::text)::integer as transactions
    from log_item i join working_group g on g.no = i.group_no
    where g.id = ${Buffer.from(group.id)} and i.record_id is not null`.execute(world.hall.databases.groups);
  expect(rows[0]?.records).toBe(authors.length * appends);
  expect(rows[0]?.transactions).toBeLessThan((authors.length * appends) / 3);
});
