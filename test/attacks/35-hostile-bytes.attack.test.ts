import { eraKeysOf, headOf, sealRecord, signStructure } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contentStructure } from "../../crypto/src/records/record-content.ts";
import { stubOf } from "../../crypto/src/records/record-content-rules.ts";
import { sealSignedContent } from "../../crypto/src/records/record.ts";
import { closeCodes, groupLimits } from "../../server/src/contract/index.ts";
import { LiveClient } from "../../server/src/groups/testing/live-client.ts";
import { createWorld, type Founded, type Member } from "../world.ts";
import { junk, OwnProgram } from "../world/own-program.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani" | "mole">>>;
let group: Founded;

beforeAll(async () => {
  world = await createWorld({ people: ["ana", "bongani", "mole"] });
  const { ana, bongani, mole } = world;
  group = await ana.foundGroup("Waste services", { admits: [bongani, mole] });
  await world.settle();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const live = ({ origin }: Member): string => `${origin.replace("http", "ws")}/api/live`;

/** CBOR arrays in arrays, so many. */
const nested = (depth: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(depth + 1).fill(0x81, 0, depth).fill(0x80, depth);

/** Everybody else reads and writes on. */
async function goesOn(text: string): Promise<void> {
  const { ana, bongani } = world;
  await ana.post(group, text);
  await bongani.until(
    () => bongani.texts(group),
    (texts) => texts.includes(text),
  );
}

test("attack 35: frames too long, too deep or of no form end their own connection, a subscriber's too, and nobody else's", async () => {
  const { mole } = world;
  const hostile: readonly (readonly [string, Uint8Array<ArrayBuffer> | string])[] = [
    ["too long", new Uint8Array(groupLimits.frameBytes + 1)],
    ["nested 100,000 times", nested(100_000)],
    ["an array said to have four thousand million members", Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)],
    ["bytes said to be without end", Uint8Array.of(0x5f)],
    ["a text", "hello"],
    ["nothing", new Uint8Array()],
  ];
  for (const [what, bytes] of hostile) {
    using program = await OwnProgram.of(mole, group.groupId);
    program.socket.sendRaw(bytes);
    const code = await program.socket.closed;
    expect([what, [closeCodes.frameRefused, 1009, 1006].includes(code) ? "ended" : code]).toEqual([what, "ended"]);
  }
  await goesOn("after the frames");
});

test("attack 35: bodies too deep or too long for any address are refused at once", async () => {
  const { origin } = world.mole;
  const deep = "[".repeat(400_000);
  for (const [path, type, body] of [
    ["/api/sessions", "application/json", deep],
    ["/api/accounts", "application/json", `{"registration":${deep}`],
    [
      `/api/groups/${Buffer.from(group.groupId, "hex").toString("base64url")}/boxes/find`,
      "application/cbor",
      nested(10_000),
    ],
    ["/api/challenges", "application/json", "x".repeat(20_000_000)],
  ] as const) {
    const began = performance.now();
    const reply = await fetch(origin + path, { method: "POST", headers: { "content-type": type }, body }).then(
      ({ status }) => status,
      () => 413,
    );
    expect([path, reply >= 400 && reply < 500]).toEqual([path, true]);
    expect(performance.now() - began).toBeLessThan(30_000);
  }
  await goesOn("after the bodies");
});

const eightMebibytes = 8 * 1024 * 1024;

/** An array of so many members that it is 8 MiB long, all of them this one byte. */
function tinyItems(item: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(eightMebibytes).fill(item);
  bytes[0] = 0x9a;
  new DataView(bytes.buffer).setUint32(1, eightMebibytes - 5);
  return bytes;
}

/** One byte string of 8 MiB: nothing to read in it. */
function plainBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(eightMebibytes);
  bytes[0] = 0x5a;
  new DataView(bytes.buffer).setUint32(1, eightMebibytes - 5);
  return bytes;
}

const tiny: readonly (readonly [string, number])[] = [
  ["empty byte strings", 0x40],
  ["zeros", 0x00],
  ["empty arrays", 0x80],
  ["empty texts", 0x60],
  ["empty maps", 0xa0],
];

/** What `act` gives, and how long the hall left somebody waiting who asked whether it lives while it was at that. */
async function meanwhile<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly longest: number }> {
  let longest = 0;
  const asking = { isOver: false };
  const ask = async (): Promise<void> => {
    while (!asking.isOver) {
      const began = performance.now();
      expect((await fetch(`${world.mole.origin}/healthz`)).status).toBe(200);
      longest = Math.max(longest, performance.now() - began);
    }
  };
  const asked = ask();
  const result = await act().finally(() => (asking.isOver = true));
  await asked;
  return { result, longest };
}

const codeOf = (problem: unknown): unknown =>
  typeof problem === "object" && problem !== null ? Reflect.get(problem, "code") : null;

/** Far more than reading 8 MiB takes on any machine, far less than ten million values do. */
const waitAtMost = 3_000;

test("attack 35: a body of ten million tiny values costs no more than one of as many bytes, and others are answered meanwhile", async () => {
  const { origin } = world.mole;
  const url = `${origin}/api/groups/${Buffer.from(junk(32)).toString("base64url")}`;
  const headers = { "content-type": "application/cbor" };
  const bodies = tiny.map(([what, item]) => [what, tinyItems(item)] as const);
  for (const [what, body] of [["one byte string", plainBytes()] as const, ...bodies]) {
    const { result, longest } = await meanwhile(async () => {
      const reply = await fetch(url, { method: "PUT", headers, body });
      return codeOf(await reply.json());
    });
    expect([what, result, longest < waitAtMost ? "short" : longest]).toEqual([what, "malformed-request", "short"]);
  }
});

test("attack 35: a member's frames of ten million tiny values end its connection, and others are answered meanwhile", async () => {
  for (const [what, item] of tiny) {
    using program = await OwnProgram.of(world.mole, group.groupId);
    const { result, longest } = await meanwhile(async () => {
      program.socket.sendRaw(tinyItems(item));
      return program.socket.closed;
    });
    expect([what, result, longest < waitAtMost ? "short" : longest]).toEqual([what, closeCodes.frameRefused, "short"]);
  }
  await goesOn("after the tiny values");
});

test("attack 35: connections that say nothing, and many that subscribe to nothing, keep nobody out", async () => {
  const silent = await Promise.all(Array.from({ length: 200 }, () => LiveClient.connect(live(world.mole))));
  await goesOn("beside 200 who say nothing");
  for (const socket of silent) socket.close();
});

test("attack 35: a record that is as hostile inside as it can be is refused by every reader, and the group goes on", async () => {
  const { ana, bongani, mole } = world;
  const { held, state, newest, groupId } = await mole.group(group.groupId);
  const { account } = await mole.parts();
  const head = headOf(state);
  if (newest === null || head === null) throw new TypeError("the mole is in");
  const { chainKey, contentKey } = eraKeysOf(newest.era, newest.eraKey);
  const keys = { groupId, chainKey, contentKey, firstChainKey: chainKey };
  const topic = Uint8Array.from(Buffer.from(group.topicId, "hex"));
  const device = account.device.signing;
  let { number, acknowledged: previous } = held.snapshot.stored.own;
  const bodies = [
    nested(50_000),
    new Uint8Array(30_000).fill(0x80),
    Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff),
    new Uint8Array(),
  ];
  using program = await OwnProgram.of(mole, group.groupId);
  for (const hostile of bodies) {
    const body = { kind: "post", text: "", reply: null, mentions: [], files: [] } as const;
    const own = { body, statement: null, number: (number += 1), previous, seen: [], vaultVersion: 1, salt: junk(16) };
    const place = { topic, target: null, era: newest.era, expires: null, author: account.identityKey, head };
    const sealed = sealRecord({ ...place, ...own, time: Date.now() }, device, keys);
    if (sealed.kind === "refused") throw new TypeError(sealed.reason);
    const content = { ...sealed.content, body: hostile };
    const signed = signStructure(contentStructure, content, device);
    const record = sealSignedContent(sealed.record, stubOf(content), signed, keys);
    if (record === null) throw new TypeError("the mole holds the keys");
    await program.socket.expect("appended", { kind: "append", group: groupId, records: [record] });
  }
  await goesOn("after the records");
  for (const reader of [ana, bongani]) {
    const refused = await reader.hall.topics.refused(group.groupId);
    expect(refused.map(({ reason }) => reason)).toEqual(bodies.map(() => "malformed"));
  }
});
