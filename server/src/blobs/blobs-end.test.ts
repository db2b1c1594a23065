import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayOf } from "../clock.ts";
import { limits } from "../contract/limits.ts";
import { deleteGroup, lockGroup } from "../groups/group-store.ts";
import { type Founded, GroupWorld } from "../groups/testing/group-world.ts";
import { bytes, TestSteward } from "../groups/testing/test-group.ts";
import { sweep } from "../sweeper.ts";
import { testNow } from "../testing/test-app.ts";
import { eraseBlob } from "./blobs-store.ts";
import { chunksIn, GroupBlobs, untilWaiting } from "./testing/group-blobs.ts";

const chunk = limits.blobChunkBytes;
const today = dayOf(testNow);
const dayMilliseconds = 86_400_000;

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** How many chunks stand in the database, under this id or at all. */
async function chunkRows({ hall }: GroupWorld, id?: Uint8Array): Promise<number> {
  const rows = await hall.databases.groups.selectFrom("blob_chunk").select("blob_id").execute();
  return rows.filter(({ blob_id }) => id === undefined || Buffer.compare(blob_id, id) === 0).length;
}

async function command({ group }: Founded, body: Uint8Array) {
  return world.ask("POST", world.path(group, "/commands"), { body });
}

async function startEra({ group, steward }: Founded, starts: number): Promise<void> {
  const client = await world.subscriber(group, starts - 1);
  const chain = group.entry({ index: starts, era: starts - 1, starts, steward });
  await client.expect("appended", { kind: "chain", group: group.id, chain });
}

test("a blob is gone from its day on, and the sweep takes its rows", async () => {
  await using own = await GroupWorld.create();
  const founded = await own.found();
  const blobs = await GroupBlobs.of(own, founded);
  const content = bytes(chunk + 1);
  const [id, kept] = [await blobs.keep(content, today + 1), await blobs.keep(content, today + 2)];
  await sweep(own.hall.databases, () => testNow);
  expect((await blobs.read(id, 1)).status).toBe(200);
  own.hall.advance(dayMilliseconds);
  const later = await GroupBlobs.of(own, founded);
  for (const reply of [await later.state(id), await later.read(id, 0), await later.put(id, 0, bytes(chunk))])
    expect(reply).toMatchObject({ status: 404, code: "unknown-blob" });
  expect((await later.list()).json["blobs"]).toHaveLength(1);
  expect(await chunkRows(own)).toBe(4);
  await sweep(own.hall.databases, () => testNow + dayMilliseconds);
  expect([await chunkRows(own, id), await chunkRows(own, kept)]).toEqual([0, 2]);
  expect(await own.hall.databases.groups.selectFrom("blob").select("id").execute()).toHaveLength(1);
  expect((await later.read(kept, 0)).bytes).toEqual(content.slice(0, chunk));
});

test("what was begun and left is swept on the second day after its newest chunk; whole blobs stay", async () => {
  await using own = await GroupWorld.create();
  const founded = await own.found();
  const sweepOn = async (day: number) => sweep(own.hall.databases, () => testNow + day * dayMilliseconds);
  const blobs = await GroupBlobs.of(own, founded);
  const whole = await blobs.keep(bytes(5));
  const [left, fed, renewed, ...more] = Array.from({ length: 9 }, () => bytes(16)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  for (const id of [left, fed, renewed, ...more]) await blobs.begin(id, 3 * chunk);
  await blobs.put(left, 0, bytes(chunk));
  own.hall.advance(dayMilliseconds);
  await sweepOn(1);
  const next = await GroupBlobs.of(own, founded);
  expect((await next.list()).json["blobs"]).toHaveLength(10);
  await next.put(fed, 1, bytes(chunk));
  await next.begin(renewed, 3 * chunk);
  await sweepOn(2);
  expect((await next.list()).json["blobs"]).toHaveLength(3);
  expect((await next.state(left)).code).toBe("unknown-blob");
  expect((await next.state(fed)).json["missing"]).toEqual([0, 2]);
  expect((await next.state(renewed)).json["missing"]).toEqual([0, 1, 2]);
  expect((await next.state(whole)).json["missing"]).toEqual([]);
  expect(await chunkRows(own, left)).toBe(0);
  await sweepOn(3);
  expect((await next.list()).json["blobs"]).toHaveLength(1);
});

test("after a crash in the middle of a chunk, the next process says what is missing, and the file becomes whole", async () => {
  const founded = await world.found();
  const content = bytes(3 * chunk + 9);
  const id = bytes(16);
  await using first = await GroupWorld.create({ databases: world.hall.databases });
  const before = await GroupBlobs.of(first, founded);
  await before.begin(id, content.length);
  const parts = chunksIn(content);
  for (const place of [0, 2]) await before.put(id, place, parts[place] ?? content);
  await tornPut(before, id, parts[1] ?? content);

  await using second = await GroupWorld.create({ databases: world.hall.databases });
  const after = await GroupBlobs.of(second, founded);
  const { json } = await after.begin(id, content.length);
  expect(json["missing"]).toEqual([1, 3]);
  for (const place of [1, 3]) await after.put(id, place, parts[place] ?? content);
  const read = await Promise.all(parts.map(async (_, place) => (await after.read(id, place)).bytes));
  expect(Buffer.concat(read).equals(content)).toBe(true);
});

/** Sends half of a chunk; then the connection is cut. */
async function tornPut(blobs: GroupBlobs, id: Uint8Array, part: Uint8Array): Promise<void> {
  const socket = connect(blobs.world.port, "127.0.0.1");
  const head = [
    `PUT ${blobs.path(id, 1)} HTTP/1.1`,
    "host: localhost",
    `authorization: ${blobs.authorization}`,
    "content-type: application/octet-stream",
    `content-length: ${part.length}`,
    "",
    "",
  ].join("\r\n");
  await new Promise<void>((resolve) => {
    socket.write(Buffer.concat([Buffer.from(head), part.subarray(0, part.length / 2)]), () => {
      resolve();
    });
  });
  await new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
    socket.destroy();
  });
}

test("a cut takes blobs of the eras it ends, and leaves those of kept eras and those as young as its day", async () => {
  await using own = await GroupWorld.create();
  const founded = await own.found();
  const { group, steward } = founded;
  const send = async (body: Uint8Array) => own.ask("POST", own.path(group, "/commands"), { body });
  const start = async (starts: number) => {
    const client = await own.subscriber(group, starts - 1);
    const chain = group.entry({ index: starts, era: starts - 1, starts, steward });
    await client.expect("appended", { kind: "chain", group: group.id, chain });
    return GroupBlobs.of(own, founded, starts);
  };
  const ofEra0 = await GroupBlobs.of(own, founded);
  const old = [];
  for (let count = 0; count < 9; count += 1) old.push(await ofEra0.keep(bytes(10)));
  // More chunks than go in one step.
  for (let count = 0; count < 3; count += 1) {
    const id = bytes(16);
    old.push(id);
    await ofEra0.begin(id, limits.blobBytes);
  }
  const [unfinished, moved] = [bytes(16), bytes(16)];
  await ofEra0.begin(unfinished, 10);
  await ofEra0.begin(moved, 10);
  const begunAgain = await ofEra0.keep(bytes(10));
  own.hall.advance(dayMilliseconds);
  const young = await (await GroupBlobs.of(own, founded)).keep(bytes(10));
  const blobs = await start(1);
  await blobs.put(moved, 0, bytes(10));
  await blobs.begin(begunAgain, 10);
  const kept = [young, moved, begunAgain, await blobs.keep(bytes(10))];
  expect((await send(steward.sign(group.id, { kind: "cut", day: today, firstEraKept: 1 }))).code).toBe("cut-refused");
  expect((await blobs.list()).json["blobs"]).toHaveLength(17);
  const cut = steward.sign(group.id, { kind: "cut", day: today + 1, firstEraKept: 1 });
  const { json, code } = await send(cut);
  expect([json, code]).toEqual([{ seq: 3 }, undefined]);
  for (const id of [...old, unfinished]) expect((await blobs.state(id)).code).toBe("unknown-blob");
  for (const id of kept) expect((await blobs.read(id, 0)).status).toBe(200);
  expect(await chunkRows(own)).toBe(kept.length);
  expect((await send(cut)).json).toEqual({ seq: 3 });
  // A later day takes what was too young, and nothing that has moved on into a kept era.
  await send(steward.sign(group.id, { kind: "cut", day: today + 2, firstEraKept: 1 }));
  const codes = await Promise.all(kept.map(async (id) => (await blobs.read(id, 0)).code));
  expect(codes).toEqual(["unknown-blob", undefined, undefined, undefined]);
});

test("a steward erases a blob; it stands in the log, and nobody brings the blob back under its id", async () => {
  const founded = await world.found();
  const { group, steward } = founded;
  const blobs = await GroupBlobs.of(world, founded);
  const content = bytes(chunk + 1);
  const [id, other] = [await blobs.keep(content, today + 5), await blobs.keep(bytes(7))];
  const operation = { kind: "erase-blob", blobId: id } as const;
  const member = new TestSteward(world.origin);
  expect((await command(founded, member.sign(group.id, operation))).code).toBe("steward-refused");
  const unknown = steward.sign(group.id, { ...operation, blobId: bytes(16) });
  expect(await command(founded, unknown)).toMatchObject({ status: 404, code: "unknown-blob" });
  expect((await blobs.read(id, 1)).status).toBe(200);

  const reader = await world.subscriber(group, 0, 1);
  const erase = steward.sign(group.id, operation);
  expect((await command(founded, erase)).json).toEqual({ seq: 2 });
  expect((await command(founded, erase)).json).toEqual({ seq: 2 });
  const item = { kind: "command", seq: 2, day: today, command: erase };
  expect((await reader.next("items")).items).toEqual([item]);
  expect([await chunkRows(world, id), await chunkRows(world, other)]).toEqual([0, 1]);
  for (const reply of [
    await blobs.state(id),
    await blobs.read(id, 0),
    await blobs.put(id, 0, content.slice(0, chunk)),
    await blobs.begin(id, content.length, today + 5),
  ])
    expect(reply).toMatchObject({ status: 410, code: "blob-erased" });
  expect((await blobs.list()).json["blobs"]).toHaveLength(1);
  await sweep(world.hall.databases, () => testNow + 30 * dayMilliseconds);
  expect((await blobs.state(id)).code).toBe("blob-erased");
});

test("a chunk that comes while its blob is erased does not stay", async () => {
  const founded = await world.found();
  const blobs = await GroupBlobs.of(world, founded);
  const { groups } = world.hall.databases;
  const id = bytes(16);
  await blobs.begin(id, 5);
  const { group_no } = await groups
    .selectFrom("blob")
    .select("group_no")
    .where("id", "=", Buffer.from(id))
    .executeTakeFirstOrThrow();
  const put = await groups.transaction().execute(async (trx) => {
    await eraseBlob(trx, group_no, id);
    const answer = blobs.put(id, 0, bytes(5));
    await untilWaiting(trx, 1);
    return { answer };
  });
  expect(await put.answer).toMatchObject({ status: 410, code: "blob-erased" });
  expect(await chunkRows(world, id)).toBe(0);
});

test("erasing gives room back", async () => {
  const founded = await world.found();
  const blobs = await GroupBlobs.of(world, founded);
  const ids = Array.from({ length: Math.floor(limits.blobBytesPerGroup / limits.blobBytes) }, () => bytes(16));
  for (const id of ids) await blobs.begin(id, limits.blobBytes);
  expect((await blobs.begin(bytes(16), limits.blobBytes)).code).toBe("blobs-full");
  const [first = bytes(16)] = ids;
  await command(founded, founded.steward.sign(founded.group.id, { kind: "erase-blob", blobId: first }));
  expect((await blobs.begin(bytes(16), limits.blobBytes)).status).toBe(200);
});

test("a deleted group's blobs go with it, also those that are being written", async () => {
  const founded = await world.found();
  const { group, steward } = founded;
  const blobs = await GroupBlobs.of(world, founded);
  const others = await GroupBlobs.of(world, await world.found());
  const stays = await others.keep(bytes(8));
  const content = bytes(20 * chunk);
  const [kept, id] = [await blobs.keep(bytes(5)), bytes(16)];
  // More chunks than go in one step.
  for (let count = 0; count < 3; count += 1) await blobs.begin(bytes(16), limits.blobBytes);
  await blobs.begin(id, content.length);
  const [, , ...replies] = await Promise.all([
    blobs.put(id, 0, content.subarray(0, chunk)),
    command(founded, steward.sign(group.id, { kind: "delete" })),
    ...chunksIn(content).map(async (part, place) => blobs.put(id, place, part)),
  ]);
  for (const { status, code } of replies)
    expect([undefined, "group-deleted", "unknown-blob"], String(status)).toContain(code);
  for (const gone of [kept, id]) {
    expect((await blobs.state(gone)).code).toBe("group-deleted");
    expect(await chunkRows(world, gone)).toBe(0);
  }
  expect((await blobs.begin(bytes(16), 5)).code).toBe("group-deleted");
  const { groups } = world.hall.databases;
  const { no } = await groups
    .selectFrom("working_group")
    .select("no")
    .where("id", "=", Buffer.from(group.id))
    .executeTakeFirstOrThrow();
  expect(await groups.selectFrom("blob").select("id").where("group_no", "=", no).execute()).toEqual([]);
  expect((await others.read(stays, 0)).status).toBe(200);
});

test("a blob that is begun between the last step of a deletion and its end goes too", async () => {
  const { group } = await world.found();
  const id = await (await GroupBlobs.of(world, { group })).keep(bytes(5));
  const { groups } = world.hall.databases;
  await groups.transaction().execute(async (trx) => {
    await deleteGroup(trx, (await lockGroup(trx, group.id)).no);
  });
  expect(await chunkRows(world, id)).toBe(0);
  expect(await groups.selectFrom("blob").select("id").where("id", "=", Buffer.from(id)).execute()).toEqual([]);
});

test("who is no steward deletes nothing, not even blobs", async () => {
  const founded = await world.found();
  const blobs = await GroupBlobs.of(world, founded);
  const id = await blobs.keep(bytes(5));
  const stranger = new TestSteward(world.origin).sign(founded.group.id, { kind: "delete" });
  expect((await command(founded, stranger)).code).toBe("steward-refused");
  expect((await blobs.read(id, 0)).status).toBe(200);
});

test("a new era does not stop a file: it goes on with the new era's token", async () => {
  const founded = await world.found();
  const blobs = await GroupBlobs.of(world, founded);
  const id = bytes(16);
  await blobs.begin(id, 2 * chunk);
  await blobs.put(id, 0, bytes(chunk));
  await startEra(founded, 1);
  expect((await blobs.put(id, 1, bytes(chunk))).code).toBe("era-ended");
  const newest = await GroupBlobs.of(world, founded, 1);
  expect((await newest.put(id, 1, bytes(chunk))).status).toBe(204);
  expect((await newest.state(id)).json["missing"]).toEqual([]);
});
