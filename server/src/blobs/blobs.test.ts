import { once } from "node:events";
import { connect } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { bytes } from "../groups/testing/test-group.ts";
import { testNow } from "../testing/test-app.ts";
import { chunksIn, GroupBlobs, untilWaiting } from "./testing/group-blobs.ts";

const chunk = limits.blobChunkBytes;
const today = dayOf(testNow);

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function freshBlobs(): Promise<GroupBlobs> {
  return GroupBlobs.of(world, await world.found());
}

test("a file goes in by chunks, in any order, and comes out with the same bytes", async () => {
  const blobs = await freshBlobs();
  const content = bytes(2 * chunk + 777);
  const [first, second, last] = chunksIn(content) as [Uint8Array, Uint8Array, Uint8Array];
  const id = bytes(16);
  expect(await blobs.begin(id, content.length)).toMatchObject({
    status: 200,
    json: { bytes: content.length, expiryDay: null, missing: [0, 1, 2] },
  });
  expect((await blobs.put(id, 2, last)).status).toBe(204);
  expect((await blobs.state(id)).json["missing"]).toEqual([0, 1]);
  expect((await blobs.read(id, 2)).bytes).toEqual(last);
  expect(await blobs.read(id, 1)).toMatchObject({ status: 404, code: "unknown-chunk" });
  await blobs.put(id, 0, first);
  await blobs.put(id, 1, second);
  expect((await blobs.state(id)).json).toEqual({ bytes: content.length, expiryDay: null, missing: [] });
  const read = await Promise.all([0, 1, 2].map(async (place) => (await blobs.read(id, place)).bytes));
  expect(Buffer.concat(read).equals(content)).toBe(true);
});

test("what comes out is bytes of a stated length that no browser shows, guesses at, or keeps for others", async () => {
  const blobs = await freshBlobs();
  const id = await blobs.keep(new TextEncoder().encode("<script>alert(1)</script>"));
  const { headers } = await blobs.read(id, 0);
  expect(headers).toMatchObject({
    "content-type": "application/octet-stream",
    "content-length": "25",
    "content-disposition": "attachment",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
  });
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["content-encoding"]).toBeUndefined();
});

test("begun again it is the same blob, as far as it came; with another size or day it is refused", async () => {
  const blobs = await freshBlobs();
  const id = bytes(16);
  await blobs.begin(id, 2 * chunk, today + 9);
  await blobs.put(id, 0, bytes(chunk));
  expect((await blobs.begin(id, 2 * chunk, today + 9)).json).toEqual({
    bytes: 2 * chunk,
    expiryDay: today + 9,
    missing: [1],
  });
  for (const [size, day] of [
    [2 * chunk - 1, today + 9],
    [2 * chunk, today + 8],
    [2 * chunk, null],
  ] as const)
    expect(await blobs.begin(id, size, day)).toMatchObject({ status: 409, code: "blob-exists" });
  // The same id in another group is another blob.
  expect((await (await freshBlobs()).begin(id, 5)).json["missing"]).toEqual([0]);
});

test("a chunk that comes again gets the same answer; another in its place is refused and changes nothing", async () => {
  const blobs = await freshBlobs();
  const content = bytes(chunk);
  const id = await blobs.keep(content);
  expect((await blobs.put(id, 0, content)).status).toBe(204);
  expect((await blobs.state(id)).json["missing"]).toEqual([]);
  const other = Uint8Array.from(content);
  other[chunk - 1] = (other[chunk - 1] ?? 0) ^ 1;
  expect(await blobs.put(id, 0, other)).toMatchObject({ status: 409, code: "chunk-exists" });
  expect((await blobs.read(id, 0)).bytes).toEqual(content);
});

test("a chunk has exactly the length of its place", async () => {
  const blobs = await freshBlobs();
  const id = bytes(16);
  await blobs.begin(id, chunk + 10);
  const codeOf = async (place: number, length: number) => (await blobs.put(id, place, bytes(length))).code;
  for (const [place, length] of [
    [0, chunk - 1],
    [0, 10],
    [0, 0],
    [1, 9],
    [1, 11],
    [1, chunk],
    [2, 10],
    [2, 0],
    [400, 10],
  ] as const)
    expect([place, length, await codeOf(place, length)]).toEqual([place, length, "malformed-request"]);
  expect((await blobs.state(id)).json["missing"]).toEqual([0, 1]);
  expect([await codeOf(0, chunk), await codeOf(1, 10)]).toEqual([undefined, undefined]);
});

test("only raw bytes are taken as a chunk", async () => {
  const blobs = await freshBlobs();
  const id = bytes(16);
  await blobs.begin(id, 5);
  for (const type of ["application/cbor", "text/html", "application/octet-stream; charset=utf-8"]) {
    const reply = await blobs.ask("PUT", blobs.path(id, 0), { chunk: bytes(5), headers: { "content-type": type } });
    expect([type, reply.status, reply.code]).toEqual([type, 415, "unsupported-media-type"]);
  }
  const json = await blobs.ask("PUT", blobs.path(id, 0), { body: {} });
  expect(json.code).toBe("unsupported-media-type");
  expect((await blobs.state(id)).json["missing"]).toEqual([0]);
});

/** The answer to a chunk of which nothing but the head is sent: whoever answers has not waited for its bytes. */
async function answerToHead(blobs: GroupBlobs, id: Uint8Array, length: number, authorization: string): Promise<string> {
  const socket = connect(blobs.world.port, "127.0.0.1");
  const head = [
    `PUT ${blobs.path(id, 0)} HTTP/1.1`,
    "host: localhost",
    `authorization: ${authorization}`,
    "content-type: application/octet-stream",
    `content-length: ${length}`,
  ];
  socket.write([...head, "connection: close", "", ""].join("\r\n"));
  const [data] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return data.toString("latin1");
}

test("a body larger than a chunk is refused before any of it is read", async () => {
  const blobs = await freshBlobs();
  const id = bytes(16);
  await blobs.begin(id, 2 * chunk);
  expect(await answerToHead(blobs, id, chunk + 1, blobs.authorization)).toMatch(
    /^HTTP\/1\.1 413 .*"code":"body-too-large"/s,
  );
  expect(await blobs.put(id, 0, bytes(chunk + 1))).toMatchObject({ status: 413, code: "body-too-large" });
  expect((await blobs.put(id, 0, bytes(chunk))).status).toBe(204);
});

test("of a chunk from somebody without a good token nothing is read", async () => {
  const blobs = await freshBlobs();
  const id = bytes(16);
  await blobs.begin(id, chunk);
  const answer = await answerToHead(blobs, id, chunk, (await freshBlobs()).authorization);
  expect(answer).toMatch(/^HTTP\/1\.1 401 .*"code":"token-ended"/s);
});

test("limits of a blob: taken at the limit and below, refused above with a code of its own", async () => {
  const blobs = await freshBlobs();
  const begun = async (size: number, day: number | null = null) => blobs.begin(bytes(16), size, day);
  expect((await begun(limits.blobBytes - 1)).status).toBe(200);
  expect((await begun(limits.blobBytes)).json["missing"]).toHaveLength(limits.blobBytes / chunk);
  expect(await begun(limits.blobBytes + 1)).toMatchObject({ status: 413, code: "blob-too-large" });
  expect((await begun(1)).status).toBe(200);
  expect(await begun(0)).toMatchObject({ status: 400, code: "malformed-request" });
  expect((await begun(1, today + 1)).status).toBe(200);
  expect(await begun(1, today)).toMatchObject({ status: 400, code: "malformed-request" });
});

test("the last chunk of the largest blob has its place, and there is none behind it", async () => {
  const blobs = await freshBlobs();
  const id = bytes(16);
  await blobs.begin(id, limits.blobBytes);
  const last = limits.blobBytes / chunk - 1;
  const content = bytes(chunk);
  expect((await blobs.put(id, last, content)).status).toBe(204);
  expect((await blobs.read(id, last)).bytes).toEqual(content);
  expect(await blobs.put(id, last + 1, content)).toMatchObject({ status: 400, code: "malformed-request" });
});

/** Begins blobs until the group has room for `left` chunks. */
async function fillUp(blobs: GroupBlobs, left: number): Promise<void> {
  const largest = limits.blobBytes / chunk;
  let room = limits.blobBytesPerGroup / chunk;
  while (room > left) {
    const chunks = Math.min(largest, room - left);
    const { status } = await blobs.begin(bytes(16), chunks * chunk);
    if (status !== 200) throw new Error(`no room for ${chunks} of ${room}`);
    room -= chunks;
  }
}

test("attack 43: a group's blobs take no more room than a group has, whatever their size, and other groups feel nothing of it", async () => {
  const blobs = await freshBlobs();
  await fillUp(blobs, 2);
  expect(await blobs.begin(bytes(16), 2 * chunk + 1)).toMatchObject({ status: 409, code: "blobs-full" });
  const id = bytes(16);
  expect((await blobs.begin(id, 1)).status).toBe(200);
  expect(await blobs.begin(bytes(16), chunk + 1)).toMatchObject({ status: 409, code: "blobs-full" });
  expect((await blobs.begin(bytes(16), chunk)).status).toBe(200);
  expect(await blobs.begin(bytes(16), 1)).toMatchObject({ status: 409, code: "blobs-full" });
  // What was begun goes on.
  expect((await blobs.begin(id, 1)).status).toBe(200);
  expect((await blobs.put(id, 0, bytes(1))).status).toBe(204);
  expect((await (await freshBlobs()).begin(bytes(16), 1)).status).toBe(200);
});

test("two who take the last room at once do not both get it", async () => {
  const founded = await world.found();
  const [one, other] = [await GroupBlobs.of(world, founded), await GroupBlobs.of(world, founded)];
  await fillUp(one, 1);
  // Both are on their way before either can write.
  const begun = await world.hall.databases.groups.transaction().execute(async (trx) => {
    await sql`lock table blob in share mode`.execute(trx);
    const answers = [one.begin(bytes(16), chunk), other.begin(bytes(16), chunk)];
    await untilWaiting(trx, 2);
    return { answers };
  });
  const codes = (await Promise.all(begun.answers)).map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(["blobs-full", undefined]));
});

test("of two who write one chunk at once the first wins; who writes the same bytes gets the same answer", async () => {
  const founded = await world.found();
  const [one, other] = [await GroupBlobs.of(world, founded), await GroupBlobs.of(world, founded)];
  for (let round = 0; round < 5; round += 1) {
    const id = bytes(16);
    await one.begin(id, 2 * chunk);
    const contents = [bytes(chunk), bytes(chunk)] as const;
    const replies = await Promise.all([
      one.put(id, 0, contents[0]),
      other.put(id, 0, contents[1]),
      one.put(id, 0, contents[0]),
      other.put(id, 0, contents[1]),
    ]);
    const stands = (await one.read(id, 0)).bytes;
    const winner = contents.findIndex((content) => Buffer.compare(content, stands) === 0);
    expect([0, 1]).toContain(winner);
    expect(replies.map(({ code }) => code)).toEqual(
      [0, 1, 0, 1].map((writer) => (writer === winner ? undefined : "chunk-exists")),
    );
    expect((await one.state(id)).json["missing"]).toEqual([1]);
  }
});

test("many chunks at once all count: the blob is whole when the last has come", async () => {
  const blobs = await freshBlobs();
  const content = bytes(11 * chunk + 1);
  const id = bytes(16);
  const begun = await Promise.all([blobs.begin(id, content.length), blobs.begin(id, content.length)]);
  expect(begun.map(({ status }) => status)).toEqual([200, 200]);
  const puts = chunksIn(content).map(async (part, place) => (await blobs.put(id, place, part)).status);
  expect(new Set(await Promise.all(puts))).toEqual(new Set([204]));
  expect((await blobs.state(id)).json["missing"]).toEqual([]);
  const row = await world.hall.databases.groups
    .selectFrom("blob")
    .select("missing")
    .where("id", "=", Buffer.from(id))
    .executeTakeFirstOrThrow();
  expect(row.missing).toBe(0);
});

test("without a token of the group's newest era there are no blobs", async () => {
  const founded = await world.found();
  const blobs = await GroupBlobs.of(world, founded);
  const id = await blobs.keep(bytes(5));
  const stranger = await freshBlobs();
  const asked = [
    ["PUT", blobs.path(id), { body: { bytes: 5, expiryDay: null } }],
    ["GET", blobs.path(id), {}],
    ["PUT", blobs.path(id, 0), { chunk: bytes(5) }],
    ["GET", blobs.path(id, 0), {}],
    ["GET", blobs.path(id).replace(/\/[^/]+$/, ""), {}],
  ] as const;
  const codesWith = async (authorization: string) =>
    new Set(
      await Promise.all(
        asked.map(async ([method, url, { ...rest }]) => {
          const { headers = {}, ...parts } = rest as { headers?: Readonly<Record<string, string>> };
          return (await blobs.ask(method, url, { ...parts, headers: { ...headers, authorization } })).code;
        }),
      ),
    );
  expect(await codesWith(stranger.authorization)).toEqual(new Set(["token-ended"]));
  expect(await codesWith("Basic x")).toEqual(new Set(["token-required"]));
  expect(await codesWith(`Bearer ${toBase64url(bytes(32))}`)).toEqual(new Set(["session-unwelcome"]));
  const client = await world.subscriber(founded.group, 0);
  const chain = founded.group.entry({ index: 1, era: 0, starts: 1, steward: founded.steward });
  await client.expect("appended", { kind: "chain", group: founded.group.id, chain });
  expect(await codesWith(blobs.authorization)).toEqual(new Set(["era-ended"]));
  expect((await (await GroupBlobs.of(world, founded, 1)).read(id, 0)).status).toBe(200);
});

test("what was never begun is unknown, and of another group too", async () => {
  const [blobs, others] = [await freshBlobs(), await freshBlobs()];
  const id = await others.keep(bytes(5));
  for (const unknown of [id, bytes(16)]) {
    expect(await blobs.state(unknown)).toMatchObject({ status: 404, code: "unknown-blob" });
    expect(await blobs.read(unknown, 0)).toMatchObject({ status: 404, code: "unknown-blob" });
    expect(await blobs.put(unknown, 0, bytes(5))).toMatchObject({ status: 404, code: "unknown-blob" });
  }
});

test("a list of all blobs of the group, page by page", async () => {
  const blobs = await freshBlobs();
  const made: string[] = [];
  for (let count = 0; count < limits.blobsPerPage; count += 1) {
    const id = bytes(16);
    made.push(Buffer.from(id).toString("hex"));
    await blobs.begin(id, chunk + 1, count % 2 === 0 ? null : today + 1);
  }
  expect((await blobs.list()).json["more"]).toBe(false);
  const whole = await blobs.keep(bytes(3));
  made.push(Buffer.from(whole).toString("hex"));
  interface Page {
    readonly blobs: readonly { readonly blobId: string; readonly missing: number }[];
    readonly more: boolean;
  }
  const first = (await blobs.list()).json as unknown as Page;
  expect([first.blobs.length, first.more]).toEqual([limits.blobsPerPage, true]);
  const rest = (await blobs.list(first.blobs.at(-1)?.blobId)).json as unknown as Page;
  expect([rest.blobs.length, rest.more]).toEqual([1, false]);
  const listed = [...first.blobs, ...rest.blobs];
  expect(listed.map(({ blobId }) => Buffer.from(blobId, "base64url").toString("hex"))).toEqual(made.toSorted());
  expect(listed.find(({ blobId }) => blobId === toBase64url(whole))).toEqual({
    blobId: toBase64url(whole),
    bytes: 3,
    expiryDay: null,
    missing: 0,
    day: today,
  });
  expect(listed.filter(({ missing }) => missing === 2)).toHaveLength(limits.blobsPerPage);
});

test("a token that sends too much is told to wait, and only it", async () => {
  await using own = await GroupWorld.create({ rateLimits: true });
  const founded = await own.found();
  const [busy, calm] = [await GroupBlobs.of(own, founded), await GroupBlobs.of(own, founded)];
  const id = bytes(16);
  const content = bytes(chunk);
  await busy.begin(id, chunk);
  const replies = [];
  for (let count = 0; count < 60; count += 1) replies.push(await busy.put(id, 0, content));
  // 1,000 for one token; 17 for each chunk: one, and one more for every 16 KiB.
  expect(replies.filter(({ status }) => status === 204)).toHaveLength(58);
  const refused = replies.at(-1);
  expect(refused).toMatchObject({ status: 429, code: "too-many-requests" });
  expect((await calm.put(id, 0, content)).status).toBe(204);
  own.hall.advance(Number(refused?.headers["retry-after"]) * 1_000);
  expect((await busy.put(id, 0, content)).status).toBe(204);
});

test("nothing of a blob stands in the server's log", async () => {
  const blobs = await freshBlobs();
  const id = await blobs.keep(bytes(5));
  await blobs.put(id, 0, bytes(5));
  await blobs.read(bytes(16), 0);
  expect(world.hall.logged()).toBe("");
});
