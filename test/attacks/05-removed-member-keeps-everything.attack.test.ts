import {
  type BoxKeyPair,
  eraKeysOf,
  fromBase64Url,
  openBox,
  OpenError,
  signPassChallenge,
  toBase64Url,
} from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HallError } from "../../client/src/core/problems.ts";
import { GroupServer } from "../../client/src/core/sync/group-server.ts";
import { CreateChallenge, CreateGroupToken, type LogPage } from "../../server/src/contract/index.ts";
import { LiveClient } from "../../server/src/groups/testing/live-client.ts";
import { createWorld, type Founded, type Member } from "../world.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani" | "chidi">>>;
let group: Founded;
/** What the removed member had the moment before: keys, a token, a live subscription, links, sealed records and boxes. */
let kept: {
  readonly era: number;
  readonly eraKey: Uint8Array;
  readonly token: Uint8Array;
  readonly socket: LiveClient;
  readonly instantLink: string;
  readonly server: GroupServer;
  readonly record: LogPage["items"][number];
  readonly boxes: readonly { readonly era: number; readonly box: Uint8Array }[];
};

const liveOf = ({ origin }: Member): Promise<LiveClient> =>
  LiveClient.connect(`${origin.replace("http", "ws")}/api/live`);

const boxesHeld = async () => world.hall.app.databases.groups.selectFrom("group_box").select(["era", "box"]).execute();

beforeAll(async () => {
  world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  const instantLink = await ana.link(group.groupId, { mode: "instant", uses: 10 });
  await world.settle();
  const held = await chidi.group(group.groupId);
  const { api } = await chidi.parts();
  const { newest, groupId } = held;
  if (newest === null) throw new TypeError("chidi is in");
  const server = new GroupServer(groupId, api, chidi.origin);
  const token = await server.token(eraKeysOf(newest.era, newest.eraKey), world.clock.now());
  if (token === null) throw new TypeError("chidi has the pass");
  const socket = await liveOf(chidi);
  await socket.expect("subscribed", { kind: "subscribe", group: groupId, token: token.token, after: 0 });
  await socket.until(() => socket.seqs().length > 0);
  const record = socket
    .of("items")
    .flatMap(({ items }) => items)
    .findLast(({ kind }) => kind === "record");
  if (record === undefined) throw new TypeError("there are records");
  kept = { ...newest, token: token.token, socket, instantLink, server, record, boxes: await boxesHeld() };

  await ana.remove(chidi, group);
  await bongani.post(group, "after");
  await world.settle();
  // What is allowed for a moment so that nobody's work is lost has had its time.
  world.clock.advance(6_000);
});
afterAll(async () => {
  kept.socket.close();
  await world[Symbol.asyncDispose]();
});

test("attack 5: others read on, the removed member's own program shows nothing newer and says who did it", async () => {
  const { ana, bongani, chidi } = world;
  for (const reader of [ana, bongani]) expect(await reader.texts(group)).toEqual(["opening", "after"]);
  expect(await chidi.texts(group)).toEqual(["opening"]);
  expect((await chidi.hall.groups.get(group.groupId)).standing).toEqual({ kind: "removed", byName: "ana" });
});

test("attack 5: the old token reads no further than the removal, adds no box and no link", async () => {
  const { server, token, era } = kept;
  const items = (await server.log(token, 0))?.items ?? [];
  expect(items.slice(0, -1).some((item) => item.kind === "entry" && item.starts === era + 1)).toBe(false);
  expect(await server.group(token)).toBeNull();
  expect(await server.links(token, 0, era + 1)).toBeNull();
  const box = { label: new Uint8Array(16), box: new Uint8Array(1224), command: null };
  for (const of of [era, era + 1]) expect(await server.addBoxes(token, { era: of, boxes: [box] })).toBeNull();
  const link = { chain: new Uint8Array(104), content: new Uint8Array(104) };
  expect(await server.addLink(token, { era: era + 1, link, command: null })).toBe("ended");
});

test("attack 5: the socket that was open at the removal brings the removal and nothing after it, and takes nothing", async () => {
  const { socket } = kept;
  const { groupId } = await world.chidi.group(group.groupId);
  const items = socket.of("items").flatMap((frame) => frame.items);
  const last = items.findLast(({ kind }) => kind === "entry");
  expect(last).toMatchObject({ kind: "entry", starts: kept.era + 1 });
  expect(items.at(-1)?.seq).toBe(last?.seq);
  const append = { kind: "append", group: groupId, records: [unknownRecord()] } as const;
  expect(["not-subscribed", "era-ended", "token-ended"]).toContain(await socket.refusal(append));
  const again = { kind: "subscribe", group: groupId, token: kept.token, after: 0 } as const;
  expect(["token-ended", "era-ended"]).toContain(await socket.refusal(again));
});

test("attack 5: the old pass reads up to the removal and no further, and writes nothing", async () => {
  const { server } = kept;
  const token = await server.token(eraKeysOf(kept.era, kept.eraKey), world.clock.now());
  if (token === null) throw new TypeError("an old pass reads what it could read");
  const page = await server.log(token.token, 0);
  expect(page?.items.length).toBeGreaterThan(3);
  expect(page?.items.at(-1)).toMatchObject({ kind: "entry", starts: kept.era + 1 });
  expect(page?.next).toBeNull();
  expect(await server.group(token.token)).toBeNull();
  expect(await server.links(token.token, kept.era + 1, kept.era + 1)).toBeNull();
  const socket = await liveOf(world.chidi);
  const { groupId } = await world.chidi.group(group.groupId);
  const answer = await socket.ask({ kind: "subscribe", group: groupId, token: token.token, after: 0 });
  const append = { kind: "append", group: groupId, records: [unknownRecord()] } as const;
  expect(["not-subscribed", "era-ended"]).toContain(await socket.refusal(append));
  const later = socket
    .of("items")
    .flatMap(({ items }) => items)
    .filter(({ seq }) => seq > (page?.newestSeq ?? 0));
  expect([answer.kind === "refused" || answer.kind === "subscribed", later]).toEqual([true, []]);
  socket.close();
});

test("attack 5: no token of the new era without its pass", async () => {
  const { chidi } = world;
  const { api, origin } = await chidi.parts();
  const { groupId } = await chidi.group(group.groupId);
  const nonce = fromBase64Url((await api.call(CreateChallenge, {})).body.challenge);
  const { pass } = eraKeysOf(kept.era, kept.eraKey);
  const answer = signPassChallenge({ origin, groupId, era: kept.era + 1, nonce }, pass);
  const call = { params: { groupId: toBase64Url(groupId) }, body: { answer: toBase64Url(answer) } };
  expect(await api.call(CreateGroupToken, call, ["pass-refused"])).toMatchObject({ kind: "problem" });
});

test("attack 5: none of the boxes on the server opens the new era, nor does the old key lead to it", async () => {
  const { account } = await world.chidi.parts();
  const { groupId } = await world.chidi.group(group.groupId);
  const era = (await world.ana.group(group.groupId)).state.eras[kept.era + 1];
  if (era === undefined) throw new TypeError("the removal started an era");
  const rows = [...kept.boxes, ...(await boxesHeld())];
  expect(rows.filter((row) => row.era === era.number).length).toBeGreaterThanOrEqual(2);
  const [keys] = account.boxKeys();
  if (keys === undefined) throw new TypeError("an account has a box key");
  const erasOpened = (key: BoxKeyPair): readonly number[] =>
    rows.flatMap((row) => (opens(row.box, groupId, row.era, key) ? [row.era] : []));
  expect(erasOpened(keys.box)).not.toContain(era.number);
  // The same search finds what is theirs: the era they were in, and the new one for who stayed.
  expect(erasOpened(keys.box)).toContain(kept.era);
  const own = (await world.bongani.parts()).account.boxKeys()[0];
  if (own === undefined) throw new TypeError("an account has a box key");
  expect(erasOpened(own.box)).toContain(era.number);
});

test("attack 5: it cannot admit, walk in by a link it kept, nor ask by its own", async () => {
  const { chidi, bongani } = world;
  const { groupId } = group;
  const person = await bongani.hall.groups.members(groupId);
  expect(person.map(({ accountId }) => accountId)).not.toContain(chidi.accountId);
  await expect(chidi.hall.groups.setRole(groupId, bongani.accountId, "facilitator")).rejects.toBeInstanceOf(HallError);
  await expect(chidi.link(groupId)).rejects.toBeInstanceOf(HallError);
  await expect(chidi.join(kept.instantLink)).rejects.toMatchObject({ problem: expect.stringMatching(/^invite-/) });
  const guest = await world.person("Dolores");
  await expect(guest.join(kept.instantLink)).rejects.toMatchObject({ problem: expect.stringMatching(/^invite-/) });
  await world.settle();
  expect((await bongani.hall.groups.members(groupId)).length).toBe(2);
});

/** A record of the era that ended, as good as any other, which the server has not seen. */
function unknownRecord() {
  if (kept.record.kind !== "record") throw new TypeError("a record");
  const { topic, target, era, expires, sealed, recordId } = kept.record;
  return { recordId: recordId.map((byte) => byte ^ 1), topic, target, era, expires, sealed };
}

function opens(box: Uint8Array, groupId: Uint8Array, era: number, key: BoxKeyPair): boolean {
  try {
    return openBox(box, groupId, era, key).number === era;
  } catch (error) {
    if (error instanceof OpenError) return false;
    throw error;
  }
}
