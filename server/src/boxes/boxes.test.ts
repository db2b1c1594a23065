import { connect } from "node:net";
import { boxHash, linkHash } from "@unionhall/crypto/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBase64url } from "../contract/base64url.ts";
import { type LabelledBox, NewBoxes } from "../contract/boxes.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { type EraLink, LinkPage, NewLink } from "../contract/groups.ts";
import { cbor, type Founded, GroupWorld, uncbor } from "../groups/testing/group-world.ts";
import { box, bytes, link, type TestGroup, TestSteward } from "../groups/testing/test-group.ts";
import { requestsPerMinute } from "../http/rate-limit.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function startEra({ group, steward }: Founded, starts: number, given: EraLink = link("content")): Promise<void> {
  const client = await world.subscriber(group, starts - 1);
  const chain = group.entry({ index: starts, era: starts - 1, starts, steward, link: given });
  await client.expect("appended", { kind: "chain", group: group.id, chain });
}

async function add(group: TestGroup, token: Uint8Array, body: NewBoxes) {
  return world.ask("POST", world.path(group, "/boxes"), { token, body: cbor(NewBoxes, body) });
}

/** Sends the head of a request and all but the last byte of its body; the status of the answer. */
async function unfinished(path: string, authorization: string | null, length: number): Promise<number> {
  const socket = connect(world.port, "127.0.0.1");
  const lines = [`POST /api${path} HTTP/1.1`, "Host: localhost", "Content-Type: application/cbor"];
  const more = [`Content-Length: ${length}`, ...(authorization === null ? [] : [`Authorization: ${authorization}`])];
  const answer = new Promise<string>((resolve) => {
    socket.once("data", (chunk: Buffer) => {
      resolve(chunk.toString("latin1"));
    });
  });
  socket.on("error", () => undefined);
  socket.write([...lines, ...more, "", ""].join("\r\n"));
  socket.write(new Uint8Array(length - 1));
  const status = Number((await answer).split(" ")[1]);
  socket.destroy();
  return status;
}

test.each([
  ["/boxes", groupLimits.chainRequestBytes],
  ["/links", 8 * 1024],
])("a body for %s is not waited for where the token is missing or no good", async (rest, length) => {
  const { group } = await world.found();
  const path = world.path(group, rest);
  expect(await unfinished(path, null, length)).toBe(401);
  expect(await unfinished(path, `Group ${toBase64url(bytes(32))}`, length)).toBe(401);
  expect(await unfinished("/groups/short".concat(rest), null, length)).toBe(400);
});

test("an address that adds boxes without a good token again and again is told to wait", async () => {
  await using own = await GroupWorld.create({ rateLimits: true });
  const { group } = await own.found();
  const codes = new Map<string | undefined, number>();
  for (let count = 0; count < requestsPerMinute.anonymous + 2; count += 1) {
    const { code } = await own.ask("POST", own.path(group, "/boxes"), { token: bytes(32), body: Uint8Array.of(0x80) });
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect([...codes]).toEqual([
    ["token-ended", requestsPerMinute.anonymous],
    ["too-many-requests", 2],
  ]);
});

test("boxes are found by their labels, whole or as hashes, and nothing under other labels", async () => {
  const founded = await world.found();
  const [one, other] = [box(), box()];
  const token = await world.token(founded.group, 0);
  const boxes = [one, other].map((each) => ({ ...each, command: null }));
  expect((await add(founded.group, token, { era: 0, boxes })).json).toEqual({ added: 2, noRoom: 0 });
  const found = await world.boxes(founded.group, [other.label, bytes(16), one.label]);
  expect(found).toEqual([
    { ...other, era: 0 },
    { ...one, era: 0 },
  ]);
  const hashes = await world.boxes(founded.group, [one.label], true);
  expect(hashes).toEqual([{ label: one.label, era: 0, box: boxHash(one.box) }]);
});

test("three different boxes stand under a label; a fourth finds no room and the first are never overwritten", async () => {
  const { group } = await world.found();
  const token = await world.token(group, 0);
  const label = bytes(16);
  const candidates = Array.from({ length: 4 }, () => ({ ...box(label), command: null }));
  for (const each of candidates.slice(0, 3))
    expect((await add(group, token, { era: 0, boxes: [each] })).json).toEqual({ added: 1, noRoom: 0 });
  expect((await add(group, token, { era: 0, boxes: candidates })).json).toEqual({ added: 0, noRoom: 1 });
  const found = await world.boxes(group, [label]);
  expect(found.map((each) => each.box)).toEqual(candidates.slice(0, 3).map((each) => each.box));
});

test("junk cannot crowd out what a steward adds: each has a place of its own under every label, signed", async () => {
  const { group, steward } = await world.found();
  const token = await world.token(group, 0);
  const label = bytes(16);
  const junk = Array.from({ length: 3 }, () => ({ ...box(label), command: null }));
  await add(group, token, { era: 0, boxes: junk });
  const signed = (signer: TestSteward, good = box(label)) => {
    const operation = { kind: "box", era: 0, boxLabel: label, hash: boxHash(good.box) } as const;
    return { ...good, command: signer.sign(group.id, operation) };
  };
  const stranger = new TestSteward(world.origin);
  expect((await add(group, token, { era: 0, boxes: [signed(stranger)] })).code).toBe("steward-refused");
  const swapped = { ...signed(steward), box: bytes(1224) };
  expect((await add(group, token, { era: 0, boxes: [swapped] })).code).toBe("signature-refused");
  const good = signed(steward);
  expect((await add(group, token, { era: 0, boxes: [good] })).json).toEqual({ added: 1, noRoom: 0 });
  expect((await add(group, token, { era: 0, boxes: [good] })).json).toEqual({ added: 0, noRoom: 0 });
  expect((await add(group, token, { era: 0, boxes: [signed(steward)] })).json).toEqual({ added: 0, noRoom: 1 });
  expect((await world.boxes(group, [label])).map((each) => each.box)).toContainEqual(good.box);
});

test("boxes of a steward's chain request find room where junk was laid before", async () => {
  const { group, steward } = await world.found();
  const client = await world.subscriber(group, 0, 1);
  const label = bytes(16);
  const junk = Array.from({ length: 3 }, () => ({ ...box(label), command: null }));
  await add(group, await world.token(group, 0), { era: 0, boxes: junk });
  const good = box(label);
  const chain = group.entry({ index: 1, era: 0, steward, boxes: [good] });
  await client.expect("appended", { kind: "chain", group: group.id, chain });
  expect((await world.boxes(group, [label])).map((each) => each.box)).toContainEqual(good.box);
});

test("an era keeps so many boxes without a steward's signature and no more, but the box that an entry brings", async () => {
  const { group, steward } = await world.found();
  const token = await world.token(group, 0);
  const set = async (unsigned: number) =>
    world.hall.databases.groups
      .updateTable("group_era")
      .set({ unsigned_boxes: unsigned })
      .where("group_no", "in", (from) =>
        from.selectFrom("working_group").select("no").where("id", "=", Buffer.from(group.id)),
      )
      .execute();
  const unsigned = (count: number) => Array.from({ length: count }, () => ({ ...box(), command: null }));
  await set(groupLimits.unsignedBoxesPerEra - 2);
  expect((await add(group, token, { era: 0, boxes: unsigned(1) })).json).toEqual({ added: 1, noRoom: 0 });
  expect((await add(group, token, { era: 0, boxes: unsigned(2) })).json).toEqual({ added: 1, noRoom: 1 });
  expect((await add(group, token, { era: 0, boxes: unsigned(1) })).json).toEqual({ added: 0, noRoom: 1 });
  const client = await world.subscriber(group, 0, 1);
  const ask = async (index: number, boxes: readonly LabelledBox[], signer?: TestSteward) => {
    const chain = group.entry({ index, era: 0, boxes, ...(signer === undefined ? {} : { steward: signer }) });
    await client.expect("appended", { kind: "chain", group: group.id, chain });
    return (
      await world.boxes(
        group,
        boxes.map(({ label }) => label),
      )
    ).length;
  };
  expect(await ask(1, [box()])).toBe(1);
  expect(await ask(2, [box(), box(), box()])).toBe(1);
  expect(await ask(3, [box(), box(), box()], steward)).toBe(3);
});

test("boxes of the newest era are kept, and of older ones only where the next link has no content part", async () => {
  const founded = await world.found();
  const { group } = founded;
  const labels: Uint8Array[] = [];
  for (const [era, given] of [link("content"), link("chain-only"), link("content")].entries()) {
    const kept = box();
    labels.push(kept.label);
    await add(group, await world.token(group, era), { era, boxes: [{ ...kept, command: null }] });
    await startEra(founded, era + 1, given);
  }
  const newest = box();
  await add(group, await world.token(group, 3), { era: 3, boxes: [{ ...newest, command: null }] });
  const found = await world.boxes(group, [...labels, newest.label]);
  expect(found.map(({ era }) => era)).toEqual([1, 3]);
  const { json } = await world.ask("GET", world.path(group, "/eras"));
  const key = (era: number): string => Buffer.from(group.labelKey(era)).toString("base64url");
  expect(json).toEqual({
    newest: 3,
    kept: [
      { era: 1, labelKey: key(1) },
      { era: 3, labelKey: key(3) },
    ],
  });
});

test("boxes are added to kept eras only, and only with a token of the newest one", async () => {
  const founded = await world.found();
  const { group } = founded;
  const old = await world.token(group, 0);
  await startEra(founded, 1);
  const boxes = [{ ...box(), command: null }];
  expect((await add(group, old, { era: 1, boxes })).code).toBe("era-ended");
  const token = await world.token(group, 1);
  expect((await add(group, token, { era: 0, boxes })).code).toBe("unknown-era");
  expect((await add(group, token, { era: 2, boxes })).code).toBe("unknown-era");
  expect((await add(group, token, { era: 1, boxes })).status).toBe(200);
});

test("a box of another group is not found under its label here", async () => {
  const [one, other] = [await world.found(), await world.found()];
  const own = box();
  await add(one.group, await world.token(one.group, 0), { era: 0, boxes: [{ ...own, command: null }] });
  expect(await world.boxes(other.group, [own.label])).toEqual([]);
});

test("adding boxes needs a group token, and a session is refused", async () => {
  const { group } = await world.found();
  const body = cbor(NewBoxes, { era: 0, boxes: [{ ...box(), command: null }] });
  expect((await world.ask("POST", world.path(group, "/boxes"), { body })).code).toBe("token-required");
  const headers = { authorization: `Bearer ${"A".repeat(43)}` };
  expect((await world.ask("POST", world.path(group, "/boxes"), { body, headers })).code).toBe("session-unwelcome");
});

test("links are read by range, the one an era came with first; three differ at most, and one more per steward", async () => {
  const founded = await world.found();
  const { group, steward } = founded;
  const own = [link("content"), link("chain-only")] as const;
  await startEra(founded, 1, own[0]);
  await startEra(founded, 2, own[1]);
  const token = await world.token(group, 2);
  const addLink = async (era: number, given: EraLink, command: Uint8Array | null = null) =>
    world.ask("POST", world.path(group, "/links"), { token, body: cbor(NewLink, { era, link: given, command }) });
  const more = [link("content"), link("content"), link("content")] as const;
  for (const given of [own[0], more[0], more[1], more[1]]) expect((await addLink(1, given)).status).toBe(204);
  expect((await addLink(1, more[2])).code).toBe("no-room");
  const sign = (hash: Uint8Array) => steward.sign(group.id, { kind: "link", era: 1, hash });
  expect((await addLink(1, more[2], sign(bytes(32)))).code).toBe("signature-refused");
  expect((await addLink(1, more[2], sign(linkHash(more[2])))).status).toBe(204);
  expect((await addLink(0, more[0])).code).toBe("unknown-era");
  expect((await addLink(3, more[0])).code).toBe("unknown-era");
  const { bytes: page } = await world.ask("GET", world.path(group, "/links?from=0&to=9"), { token });
  expect(uncbor(LinkPage, page)).toEqual([
    { era: 1, links: [own[0], ...more] },
    { era: 2, links: [own[1]] },
  ]);
});

test("more than 256 labels, or more boxes than a full group has, in one request are refused", async () => {
  const { group } = await world.found();
  const labels = Array.from({ length: groupLimits.labelsPerQuery + 1 }, () => bytes(16));
  expect(await world.boxes(group, labels.slice(1))).toEqual([]);
  await expect(world.boxes(group, labels)).rejects.toThrow("body-too-large");
  const token = await world.token(group, 0);
  const boxes = Array.from({ length: groupLimits.boxesPerRequest + 1 }, () => ({
    label: bytes(16),
    box: bytes(1_000),
    command: null,
  }));
  expect((await add(group, token, { era: 0, boxes })).code).toBe("body-too-large");
});

test("who awaits a label is told of the era at once, of a box there, of one that comes, and of the next era", async () => {
  const founded = await world.found();
  const { group } = founded;
  const [there, coming] = [box(), box()];
  const token = await world.token(group, 0);
  await add(group, token, { era: 0, boxes: [{ ...there, command: null }] });
  const guest = await world.connect();
  await guest.expect("done", { kind: "await", group: group.id, label: there.label });
  expect(await guest.next("box")).toEqual({ kind: "box", group: group.id, box: { ...there, era: 0 } });
  expect(guest.of("era")).toEqual([{ kind: "era", group: group.id, era: 0, labelKey: group.labelKey(0) }]);
  await guest.expect("done", { kind: "await", group: group.id, label: coming.label });
  await add(group, token, {
    era: 0,
    boxes: [
      { ...box(), command: null },
      { ...coming, command: null },
    ],
  });
  await guest.until((pushed) => pushed.filter(({ kind }) => kind === "box").length === 2);
  expect(guest.of("box")[1]?.box).toEqual({ ...coming, era: 0 });
  await startEra(founded, 1);
  await guest.until((pushed) => pushed.some((frame) => frame.kind === "era" && frame.era === 1));
  await guest.expect("done", { kind: "stop-await", group: group.id });
  expect(guest.of("items")).toEqual([]);
});

test("a box of a chain request reaches who awaits it", async () => {
  const { group, steward } = await world.found();
  const awaited = box();
  const guest = await world.connect();
  await guest.expect("done", { kind: "await", group: group.id, label: awaited.label });
  const client = await world.subscriber(group, 0, 1);
  const chain = group.entry({ index: 1, era: 0, starts: 1, steward, boxes: [box(), awaited] });
  await client.expect("appended", { kind: "chain", group: group.id, chain });
  expect((await guest.next("box")).box).toEqual({ ...awaited, era: 1 });
});

test("awaiting in a group that is not there is refused", async () => {
  const guest = await world.connect();
  expect(await guest.refusal({ kind: "await", group: bytes(32), label: bytes(16) })).toBe("unknown-group");
});
