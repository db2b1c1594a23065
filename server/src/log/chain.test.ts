import { entryHash } from "@unionhall/crypto/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { groupLimits } from "../contract/group-limits.ts";
import { limits } from "../contract/limits.ts";
import type { ChainRequest } from "../contract/groups.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { box, bytes, link, record, type TestGroup, TestSteward } from "../groups/testing/test-group.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const ask = (group: TestGroup, chain: ChainRequest) => ({ kind: "chain", group: group.id, chain }) as const;

test("two facilitators' entries at one index: exactly one wins, and the loser learns what stands there", async () => {
  const { group, steward } = await world.found();
  const second = new TestSteward(world.origin);
  const ana = await world.subscriber(group, 0, 1);
  const ben = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, steward, stewards: [steward, second] })));
  const entries = [
    group.entry({ index: 2, era: 0, starts: 1, steward }),
    group.entry({ index: 2, era: 0, starts: 1, steward: second }),
  ] as const;
  const answers = await Promise.all([ana.ask(ask(group, entries[0])), ben.ask(ask(group, entries[1]))]);
  const winner = answers.findIndex(({ kind }) => kind === "appended");
  const loser = 1 - winner;
  const { sealed = bytes(0) } = entries[winner] ?? {};
  const hash = entryHash({ groupId: group.id, index: 2, era: 0, startsEra: 1, sealed });
  expect(answers[loser]).toMatchObject({ kind: "refused", code: "index-taken", newest: 2, hash });
});

test("the same entry at a taken index gets the same seq", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const entry = group.entry({ index: 1, era: 0, starts: 1, steward, boxes: [box()] });
  const first = await ana.expect("appended", ask(group, entry));
  const ben = await world.subscriber(group, 1, 2);
  expect((await ben.expect("appended", ask(group, entry))).seqs).toEqual(first.seqs);
});

test("an entry that loses leaves nothing behind: no box, no era, no steward, no used counter", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0 })));
  const label = bytes(16);
  const late = group.entry({
    index: 1,
    era: 0,
    starts: 1,
    steward,
    stewards: [new TestSteward(world.origin)],
    boxes: [box(label)],
  });
  expect(await ana.refusal(ask(group, late))).toBe("index-taken");
  expect(await world.boxes(group, [label])).toEqual([]);
  expect((await world.ask("GET", world.path(group, "/eras"))).json["newest"]).toBe(0);
  const again = group.entry({ index: 2, era: 0, starts: 1, steward });
  expect((await ana.ask(ask(group, again))).kind).toBe("appended");
});

test("nobody but a listed steward starts an era", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const place = { index: 1, era: 0, starts: 1 } as const;
  expect(await ana.refusal(ask(group, group.entry(place)))).toBe("steward-required");
  const stranger = new TestSteward(world.origin);
  expect(await ana.refusal(ask(group, group.entry({ ...place, steward: stranger })))).toBe("steward-refused");
  const elsewhere = new TestSteward("https://elsewhere.example");
  expect(await ana.refusal(ask(group, group.entry({ ...place, steward: elsewhere })))).toBe("signature-refused");
  const other = await world.found();
  const stolen = { ...group.entry(place), command: other.group.entry({ ...place, steward }).command };
  expect(await ana.refusal(ask(group, stolen))).toBe("signature-refused");
  expect((await ana.ask(ask(group, group.entry({ ...place, steward })))).kind).toBe("appended");
});

test("a steward's command over one entry does not carry another, nor another era", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const signed = group.entry({ index: 1, era: 0, starts: 1, steward });
  expect(await ana.refusal(ask(group, { ...signed, sealed: bytes(300) }))).toBe("signature-refused");
  const plain = group.entry({ index: 1, era: 0, steward });
  expect(await ana.refusal(ask(group, { ...plain, starts: 1, link: link("content") }))).toBe("signature-refused");
  expect(await ana.refusal(ask(group, { ...signed, starts: null, link: null }))).toBe("signature-refused");
});

test("a steward who went off the list is refused at once, and its counters stay used when it returns", async () => {
  const { group, steward } = await world.found();
  const second = new TestSteward(world.origin);
  const ana = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, steward, stewards: [steward, second] })));
  const unused = second.sign(group.id, { kind: "limits", limits: [{ name: "record-bytes", value: null }] }, 7);
  await ana.expect("appended", ask(group, group.entry({ index: 2, era: 0, steward: second, stewards: [second] })));
  expect(await ana.refusal(ask(group, group.entry({ index: 3, era: 0, starts: 1, steward })))).toBe("steward-refused");
  await ana.expect(
    "appended",
    ask(group, group.entry({ index: 3, era: 0, steward: second, stewards: [steward, second] })),
  );
  expect((await world.ask("POST", world.path(group, "/commands"), { body: unused })).code).toBe("steward-counter-used");
});

test("an entry stands under the newest era, next in the chain, and starts the next era or none", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const refused = async (chain: ChainRequest) => ana.refusal(ask(group, chain));
  expect(await refused(group.entry({ index: 2, era: 0 }))).toBe("index-ahead");
  expect(await refused(group.entry({ index: 1, era: 1 }))).toBe("unknown-era");
  expect(await refused(group.entry({ index: 1, era: 0, starts: 2, steward }))).toBe("unknown-era");
  expect(await refused(group.entry({ index: 1, era: 0, starts: 0, steward }))).toBe("era-exists");
  expect(await refused(group.entry({ index: 1, era: 0, starts: 1, steward, link: null }))).toBe("malformed-request");
  expect(await refused(group.entry({ index: 1, era: 0, link: link("content") }))).toBe("malformed-request");
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, starts: 1, steward })));
  const ben = await world.subscriber(group, 1, 2);
  expect(await ben.refusal(ask(group, group.entry({ index: 2, era: 0 })))).toBe("era-ended");
});

test("a pass of an older era appends no entry, not even in the grace", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, starts: 1, steward })));
  expect(await ana.refusal(ask(group, group.entry({ index: 2, era: 1 })))).toBe("era-ended");
});

test("five entries without a steward's signature per token, and a steward's are not counted", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  for (let index = 1; index <= groupLimits.chainRequestsPerToken; index += 1)
    await ana.expect("appended", ask(group, group.entry({ index, era: 0 })));
  expect(await ana.refusal(ask(group, group.entry({ index: 6, era: 0 })))).toBe("chain-quota-spent");
  await ana.expect("appended", ask(group, group.entry({ index: 6, era: 0, steward })));
  const ben = await world.subscriber(group, 0, 7);
  expect((await ben.ask(ask(group, group.entry({ index: 7, era: 0 })))).kind).toBe("appended");
});

test("a group's entries of a day without a steward's signature are limited, and the next day is another one", async () => {
  const { group, steward } = await world.found();
  const limit = steward.sign(group.id, { kind: "limits", limits: [{ name: "entries-per-day", value: 2 }] });
  await world.ask("POST", world.path(group, "/commands"), { body: limit });
  const ana = await world.subscriber(group, 0, 2);
  for (const index of [1, 2]) await ana.expect("appended", ask(group, group.entry({ index, era: 0 })));
  expect(await ana.refusal(ask(group, group.entry({ index: 3, era: 0 })))).toBe("chain-quota-spent");
  world.hall.advance(86_400_000);
  expect((await ana.ask(ask(group, group.entry({ index: 3, era: 0 })))).kind).toBe("appended");
});

test("a steward who lost the race keeps the chain free until its entry is taken, at most a minute", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0 })));
  expect(await ana.refusal(ask(group, group.entry({ index: 1, era: 0, steward })))).toBe("index-taken");
  const held = await ana.expect("refused", ask(group, group.entry({ index: 2, era: 0 })));
  expect(held).toMatchObject({ code: "chain-reserved", retryAfterSeconds: groupLimits.reserveSeconds });
  await ana.expect("appended", ask(group, group.entry({ index: 2, era: 0, steward })));
  await ana.expect("appended", ask(group, group.entry({ index: 3, era: 0 })));
  expect(await ana.refusal(ask(group, group.entry({ index: 3, era: 0, steward })))).toBe("index-taken");
  world.hall.advance(groupLimits.reserveSeconds * 1000 - 1);
  expect(await ana.refusal(ask(group, group.entry({ index: 4, era: 0 })))).toBe("chain-reserved");
  world.hall.advance(1);
  expect((await ana.ask(ask(group, group.entry({ index: 4, era: 0 })))).kind).toBe("appended");
});

test("nobody but a listed steward keeps the chain free", async () => {
  const { group } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0 })));
  const stranger = new TestSteward(world.origin);
  expect(await ana.refusal(ask(group, group.entry({ index: 1, era: 0, steward: stranger })))).toBe("steward-refused");
  expect((await ana.ask(ask(group, group.entry({ index: 2, era: 0 })))).kind).toBe("appended");
});

test("a full group's boxes, and those of its instant invites, are taken with the longest entry; one more is refused", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  // X-Wing's ciphertext, the sealing, the shortest padded content: what clients send.
  const boxes = Array.from({ length: groupLimits.boxesPerRequest + 1 }, () => ({ label: bytes(16), box: bytes(1256) }));
  expect(boxes.length).toBeGreaterThan(limits.accountsPerGroup + 2);
  const place = { index: 1, era: 0, starts: 1, steward, sealed: bytes(groupLimits.entryBytes) } as const;
  expect(await ana.refusal(ask(group, group.entry({ ...place, boxes })))).toBe("group-full");
  await ana.expect("appended", ask(group, group.entry({ ...place, boxes: boxes.slice(1) })));
  const labels = [boxes[1], boxes[2500], boxes.at(-1)].map((one) => one?.label ?? bytes(16));
  expect(await world.boxes(group, labels)).toHaveLength(3);
});

test("5,000 accounts and one instant invite have their boxes in one request", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const boxes = Array.from({ length: limits.accountsPerGroup + 1 }, () => box());
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, starts: 1, steward, boxes })));
});

test("an entry of 1 MiB is taken, one of a byte more is refused, and so is a request above 8 MiB", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const of = (length: number) => ask(group, group.entry({ index: 1, era: 0, steward, sealed: bytes(length) }));
  expect(await ana.refusal(of(groupLimits.entryBytes + 1))).toBe("chain-request-too-large");
  const boxes = Array.from({ length: 4_200 }, () => ({ label: bytes(16), box: bytes(2_000) }));
  const large = ask(group, group.entry({ index: 1, era: 0, steward, boxes }));
  expect(await ana.refusal(large)).toBe("chain-request-too-large");
  expect((await ana.ask(of(groupLimits.entryBytes))).kind).toBe("appended");
});

test("when an era starts, older subscriptions get the entry that started it and nothing more until they renew", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const gone = await world.subscriber(group, 0, 1);
  const entry = group.entry({ index: 1, era: 0, starts: 1, steward });
  await ana.expect("appended", ask(group, entry));
  expect(await gone.next("era")).toEqual({ kind: "era", group: group.id, era: 1, labelKey: group.labelKey(1) });
  const token = await world.token(group, 1);
  const renewed = await ana.expect("subscribed", { kind: "renew", group: group.id, token });
  expect(renewed).toMatchObject({ era: 1, newestSeq: 2, byPages: false });
  await ana.expect("appended", { kind: "append", group: group.id, records: [record(1)] });
  await ana.until(() => ana.seqs().at(-1) === 3);
  world.timers.advance(groupLimits.graceSeconds * 1000 - 1);
  expect(gone.of("closed")).toEqual([]);
  world.timers.advance(1);
  expect(await gone.next("closed")).toEqual({ kind: "closed", group: group.id, reason: "era-ended" });
  expect(gone.seqs()).toEqual([2]);
  expect(await gone.refusal({ kind: "append", group: group.id, records: [record(0)] })).toBe("not-subscribed");
  expect(ana.of("closed")).toEqual([]);
});

test("renewals sent at once are answered each", async () => {
  const { group } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const token = await world.token(group, 0);
  const renew = { kind: "renew", group: group.id, token } as const;
  const answers = await Promise.all([renew, renew, renew].map(async (frame) => ana.ask(frame)));
  expect(answers.map(({ kind }) => kind)).toEqual(["subscribed", "subscribed", "subscribed"]);
});

test("who renews late within the grace gets what was held back, in order", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const slow = await world.subscriber(group, 0, 1);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, starts: 1, steward })));
  const token = await world.token(group, 1);
  await ana.expect("subscribed", { kind: "renew", group: group.id, token });
  await ana.expect("appended", { kind: "append", group: group.id, records: [record(1), record(1)] });
  await slow.next("era");
  expect(slow.seqs()).toEqual([2]);
  await slow.expect("subscribed", { kind: "renew", group: group.id, token });
  await slow.until(() => slow.seqs().length === 3);
  expect(slow.seqs()).toEqual([2, 3, 4]);
});

test("an old pass reads up to and including the entry that ended its era, and subscribes to nothing", async () => {
  const { group, steward } = await world.found();
  const ana = await world.subscriber(group, 0, 1);
  const before = record(0, { topic: bytes(16), target: bytes(16) });
  await ana.expect("appended", { kind: "append", group: group.id, records: [before] });
  const early = await world.token(group, 0);
  await ana.expect("appended", ask(group, group.entry({ index: 1, era: 0, starts: 1, steward })));
  const ben = await world.subscriber(group, 1, 3);
  const after = record(1, { topic: before.topic, target: before.target });
  await ben.expect("appended", { kind: "append", group: group.id, records: [after] });
  for (const token of [early, await world.token(group, 0)]) {
    const { items, newestSeq, next } = await world.page(token, world.path(group, "/log?after=0&limit=500"));
    expect([items.map(({ seq }) => seq), newestSeq, next]).toEqual([[1, 2, 3], 3, null]);
    const topic = Buffer.from(before.topic ?? []).toString("base64url");
    const inTopic = await world.page(token, world.path(group, `/topics/${topic}/log?limit=10`));
    expect(inTopic.items.map(({ seq }) => seq)).toEqual([2]);
    const target = Buffer.from(before.target ?? []).toString("base64url");
    const onTarget = await world.page(token, world.path(group, `/targets/${target}/log?limit=10`));
    expect(onTarget.items.map(({ seq }) => seq)).toEqual([2]);
    const id = Buffer.from(after.recordId).toString("base64url");
    expect((await world.ask("GET", world.path(group, `/records/${id}`), { token })).code).toBe("unknown-record");
    for (const path of ["", "/topics?limit=10&newest=1", "/links?from=1&to=1"])
      expect((await world.ask("GET", world.path(group, path), { token })).code).toBe("era-ended");
    const client = await world.connect();
    expect(await client.refusal({ kind: "subscribe", group: group.id, token, after: 0 })).toBe("era-ended");
  }
});
