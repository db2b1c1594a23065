import { recordBodyHash, recordHash, STUB_BYTES } from "@unionhall/crypto/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBase64url } from "../contract/base64url.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { itemKinds } from "./group-tables.ts";
import { GroupWorld } from "./testing/group-world.ts";
import { box, bytes, record, TestGroup, TestSteward } from "./testing/test-group.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function fresh() {
  const group = new TestGroup(world.origin);
  const steward = new TestSteward(world.origin);
  const chain = group.entry({ index: 0, era: 0, starts: 0, boxes: [box()], steward, stewards: [steward] });
  return { group, steward, chain };
}

test("a group opens with a ticket, and the same request again is answered as the first time without one", async () => {
  const { group, chain } = fresh();
  const ticket = await world.ticket();
  expect((await world.create(group, { ticket, chain })).json).toEqual({ seq: 1 });
  expect((await world.create(group, { ticket, chain })).json).toEqual({ seq: 1 });
  expect((await world.create(group, { ticket: bytes(32), chain })).status).toBe(201);
});

test("a ticket opens one group, and a request that is refused does not spend it", async () => {
  const ticket = await world.ticket();
  const [one, other] = [fresh(), fresh()];
  const broken = { ...one.chain, sealed: bytes(300) };
  expect((await world.create(one.group, { ticket, chain: broken })).code).toBe("signature-refused");
  expect((await world.create(one.group, { ticket, chain: one.chain })).status).toBe(201);
  expect((await world.create(other.group, { ticket, chain: other.chain })).code).toBe("ticket-refused");
  expect((await world.create(other.group, { ticket: bytes(32), chain: other.chain })).code).toBe("ticket-refused");
  expect((await world.ask("GET", world.path(other.group, "/eras"))).code).toBe("unknown-group");
});

test("another request for an id that is there is refused and spends nothing", async () => {
  const { group, steward } = await world.found();
  const ticket = await world.ticket();
  const chain = group.entry({ index: 0, era: 0, starts: 0, steward, stewards: [steward] });
  expect((await world.create(group, { ticket, chain })).code).toBe("group-exists");
  const other = fresh();
  expect((await world.create(other.group, { ticket, chain: other.chain })).status).toBe(201);
});

test("a first request must be index 0, start era 0, and be signed by a steward it lists", async () => {
  const { group, steward, chain } = fresh();
  const ticket = await world.ticket();
  const refused = async (changed: typeof chain) => (await world.create(group, { ticket, chain: changed })).code;
  expect(await refused({ ...chain, index: 1 })).toBe("malformed-request");
  expect(await refused({ ...chain, starts: null })).toBe("malformed-request");
  expect(await refused({ ...chain, command: null })).toBe("steward-required");
  const unlisted = { index: 0, era: 0, starts: 0, steward, stewards: [new TestSteward(world.origin)] };
  expect(await refused(group.entry(unlisted))).toBe("steward-refused");
});

test("two people who open the same id at once: one group, one ticket", async () => {
  const { group, chain, steward } = fresh();
  const other = group.entry({ index: 0, era: 0, starts: 0, steward, stewards: [steward] });
  const answers = await Promise.all(
    [chain, other].map(async (each) => world.create(group, { ticket: await world.ticket(), chain: each })),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
});

test("a token is given for the pass of any era over this hall's challenge, and for nothing else", async () => {
  const { group } = await world.found();
  const other = await world.found();
  const ask = async (answer: Uint8Array) => (await world.askToken(group, answer)).code;
  expect(await ask(group.answer(0, bytes(32)))).toBe("challenge-refused");
  const used = await world.challenge();
  expect(await ask(group.answer(0, used))).toBeUndefined();
  expect(await ask(group.answer(0, used))).toBe("challenge-refused");
  expect(await ask(group.answer(1, await world.challenge()))).toBe("unknown-era");
  expect(await ask(other.group.answer(0, await world.challenge(), { groupId: group.id }))).toBe("pass-refused");
  expect(await ask(other.group.answer(0, await world.challenge()))).toBe("pass-refused");
  const elsewhere = { origin: "https://elsewhere.example" };
  expect(await ask(group.answer(0, await world.challenge(), elsewhere))).toBe("pass-refused");
  expect(await ask(bytes(100))).toBe("pass-refused");
  const late = await world.challenge();
  world.hall.advance(61_000);
  expect(await ask(group.answer(0, late))).toBe("challenge-refused");
});

test("whoever knows the id may ask for the eras; the stewards and the pass are for members", async () => {
  const { group, steward } = await world.found();
  expect((await world.ask("GET", world.path(group, "/eras"))).status).toBe(200);
  expect((await world.ask("GET", world.path(group))).code).toBe("token-required");
  const { json } = await world.ask("GET", world.path(group), { token: await world.token(group, 0) });
  expect(json).toEqual({
    newestSeq: 1,
    headIndex: 0,
    era: 0,
    eraStartSeq: 1,
    pass: toBase64url(group.pass(0).publicKey),
    labelKey: toBase64url(group.labelKey(0)),
    stewards: [toBase64url(steward.key.publicKey)],
  });
});

test("a session is refused wherever a group is meant", async () => {
  const { group } = await world.found();
  const headers = { authorization: `Bearer ${"A".repeat(43)}` };
  for (const path of ["", "/eras", "/log?after=0&limit=1", "/topics?limit=1&newest=1", "/links?from=0&to=1"])
    expect((await world.ask("GET", world.path(group, path), { headers })).code).toBe("session-unwelcome");
});

test("a command is taken once per counter, upwards, from listed keys only, and the same one again is answered alike", async () => {
  const { group, steward } = await world.found();
  const send = async (body: Uint8Array) => world.ask("POST", world.path(group, "/commands"), { body });
  const limits = { kind: "limits", limits: [{ name: "record-bytes", value: 3_000 }] } as const;
  const five = steward.sign(group.id, limits, 5);
  expect((await send(five)).json).toEqual({ seq: 2 });
  expect((await send(five)).json).toEqual({ seq: 2 });
  const again = { kind: "limits", limits: [{ name: "record-bytes", value: 4_000 }] } as const;
  expect((await send(steward.sign(group.id, again, 5))).code).toBe("steward-counter-used");
  expect((await send(steward.sign(group.id, again, 4))).code).toBe("steward-counter-used");
  expect((await send(steward.sign(group.id, again, 6))).json).toEqual({ seq: 3 });
  expect((await send(new TestSteward(world.origin).sign(group.id, again))).code).toBe("steward-refused");
  expect((await send(steward.sign(bytes(32), again))).code).toBe("signature-refused");
  const forged = Uint8Array.from(steward.sign(group.id, again));
  forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
  expect((await send(forged)).code).toBe("signature-refused");
  expect((await send(bytes(50))).code).toBe("malformed-request");
});

test("commands stand in the log, and subscribers see them", async () => {
  const { group, steward } = await world.found();
  const reader = await world.subscriber(group, 0, 1);
  const second = new TestSteward(world.origin);
  const stewards = [steward.key.publicKey, second.key.publicKey];
  const command = steward.sign(group.id, { kind: "stewards", stewards });
  await world.ask("POST", world.path(group, "/commands"), { body: command });
  const item = { kind: "command", seq: 2, day: expect.any(Number), command };
  expect((await reader.next("items")).items).toEqual([item]);
  const { items } = await world.page(await world.token(group, 0), world.path(group, "/log?after=1&limit=5&only=chain"));
  expect(items).toEqual([item]);
});

test("a deleted group is gone for everybody, its rows too, and its id is never given out again", async () => {
  const { group, steward, chain } = fresh();
  await world.create(group, { ticket: await world.ticket(), chain });
  const reader = await world.subscriber(group, 0, 1);
  await reader.expect("appended", { kind: "append", group: group.id, records: [record(0, { topic: bytes(16) })] });
  const token = await world.token(group, 0);
  const body = steward.sign(group.id, { kind: "delete" });
  const before = await countRows();
  expect((await world.ask("POST", world.path(group, "/commands"), { body })).json).toEqual({ seq: 0 });
  expect((await reader.next("closed")).reason).toBe("group-deleted");
  expect((await countRows()) < before).toBe(true);
  const { no } = await world.hall.databases.groups
    .selectFrom("working_group")
    .select("no")
    .where("id", "=", Buffer.from(group.id))
    .executeTakeFirstOrThrow();
  for (const table of ["log_item", "group_topic", "group_box", "era_link", "group_steward", "group_era"] as const)
    expect(
      await world.hall.databases.groups.selectFrom(table).selectAll().where("group_no", "=", no).execute(),
    ).toEqual([]);
  expect((await world.ask("GET", world.path(group, "/eras"))).code).toBe("group-deleted");
  expect((await world.ask("GET", world.path(group, "/log?after=0&limit=1"), { token })).code).toBe("group-deleted");
  expect((await world.create(group, { ticket: await world.ticket(), chain })).code).toBe("group-deleted");
});

async function countRows(): Promise<number> {
  return (await world.hall.databases.groups.selectFrom("log_item").select("seq").execute()).length;
}

test("erasing leaves a tombstone with the command; the body is gone, the hash and the seq stay", async () => {
  const { group, steward } = await world.found();
  const author = await world.subscriber(group, 0, 1);
  const sent = record(0, { topic: bytes(16) });
  await author.expect("appended", { kind: "append", group: group.id, records: [sent] });
  const send = async (hash: Uint8Array) => {
    const command = steward.sign(group.id, { kind: "erase", recordId: sent.recordId, recordHash: hash });
    return { command, answer: await world.ask("POST", world.path(group, "/commands"), { body: command }) };
  };
  expect((await send(bytes(32))).answer.code).toBe("unknown-record");
  const { command, answer } = await send(recordHash(sent));
  expect(answer.json).toEqual({ seq: 3 });
  const { items } = await world.page(await world.token(group, 0), world.path(group, "/log?after=1&limit=5"));
  const { recordId, topic, target, era, expires } = sent;
  const stub = sent.sealed.slice(0, STUB_BYTES);
  const bodyHash = recordBodyHash(sent.sealed.slice(STUB_BYTES));
  const fields = { recordId, topic, target, era, expires, stub, bodyHash };
  const day = expect.any(Number);
  expect(items).toEqual([
    { kind: "tombstone", seq: 2, day, ...fields, reason: "erased", command },
    { kind: "command", seq: 3, day, command },
  ]);
  const held = await world.hall.databases.groups
    .selectFrom("log_item")
    .select("sealed")
    .where("kind", "=", itemKinds.tombstone)
    .execute();
  expect(held.map(({ sealed }) => sealed?.length)).toEqual([STUB_BYTES]);
  expect((await author.expect("appended", { kind: "append", group: group.id, records: [sent] })).seqs).toEqual([2]);
  const other = { ...sent, sealed: bytes(600) };
  const refused = await author.expect("refused", { kind: "append", group: group.id, records: [other] });
  expect(refused).toMatchObject({ code: "record-exists", hash: recordHash(sent) });
});

test("a cut takes bodies, boxes and content links of old eras, and leaves the chain, stubs and records of state", async () => {
  const founded = await world.found();
  const { group, steward } = founded;
  const day = Math.floor(Date.UTC(2026, 5, 1) / 86_400_000);
  const author = await world.subscriber(group, 0, 1);
  const old = Array.from({ length: 450 }, () => record(0, { topic: bytes(16) }));
  for (let from = 0; from < old.length; from += 50)
    await author.expect("appended", { kind: "append", group: group.id, records: old.slice(from, from + 50) });
  await author.expect("appended", { kind: "append", group: group.id, records: [record(0, { target: bytes(16) })] });
  world.hall.advance(86_400_000);
  await author.expect("appended", {
    kind: "chain",
    group: group.id,
    chain: group.entry({ index: 1, era: 0, starts: 1, steward }),
  });
  const ben = await world.subscriber(group, 1, 453);
  await ben.expect("appended", { kind: "append", group: group.id, records: [record(1)] });
  const send = async (body: Uint8Array) => world.ask("POST", world.path(group, "/commands"), { body });
  const sign = (cutDay: number, firstEraKept: number) =>
    steward.sign(group.id, { kind: "cut", day: cutDay, firstEraKept });
  const today =
    (await world.page(await world.token(group, 1), world.path(group, "/log?after=453&limit=1"))).items[0]?.day ?? 0;
  expect(today).toBeGreaterThan(day);
  expect((await send(sign(today - 1, 1))).code).toBe("cut-refused");
  expect((await send(sign(today, 2))).code).toBe("unknown-era");
  const command = sign(today, 1);
  const { json } = await send(command);
  expect(json).toEqual({ seq: 455 });
  expect((await send(command)).json).toEqual(json);
  const { items } = await world.page(await world.token(group, 1), world.path(group, "/log?after=0&limit=500"));
  const kinds = Object.groupBy(items, ({ kind }) => kind);
  expect([kinds.tombstone?.length, kinds.record?.length, kinds.entry?.length]).toEqual([450, 2, 2]);
  expect(kinds.tombstone?.every((item) => item.kind === "tombstone" && item.reason === "cut")).toBe(true);
  const links = await world.hall.databases.groups
    .selectFrom("era_link")
    .select("content")
    .where("content", "is not", null)
    .execute();
  expect(links).toEqual([]);
});

test("tokens that send too much are told to wait, and only they", async () => {
  const own = await GroupWorld.create({ rateLimits: true });
  const { group } = await own.found();
  const [busy, calm] = [await own.subscriber(group, 0, 1), await own.subscriber(group, 0, 1)];
  const batch = () => ({
    kind: "append" as const,
    group: group.id,
    records: Array.from({ length: groupLimits.recordsPerAppend }, () => record(0)),
  });
  const answers = await Promise.all(Array.from({ length: 17 }, async () => busy.ask(batch())));
  const refused = answers.filter((answer) => answer.kind === "refused");
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) expect(answer).toMatchObject({ code: "too-many-requests", seqs: [] });
  expect((await calm.ask(batch())).kind).toBe("appended");
  const [first] = refused;
  own.hall.advance((first?.retryAfterSeconds ?? 0) * 1_000);
  expect((await busy.ask(batch())).kind).toBe("appended");
  await own[Symbol.asyncDispose]();
});

test("nothing of a group stands in the server's log", async () => {
  const { group } = await world.found();
  await world.ask("GET", world.path(group, "/log?after=0&limit=1"), { token: bytes(32) });
  expect(world.hall.logged()).toBe("");
});
