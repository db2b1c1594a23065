import { randomBytes } from "node:crypto";
import { openRecord } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { recordKeysOf } from "../../client/src/core/sync/group-draft.ts";
import { logItems } from "../../client/src/core/sync/group-store.ts";
import { stubOf } from "../../crypto/src/records/record-content-rules.ts";
import type { Stub } from "../../crypto/src/records/record-content.ts";
import { sealSignedContent } from "../../crypto/src/records/record.ts";
import type { WireRecord } from "../../server/src/contract/index.ts";
import { createWorld, type Founded, type Member } from "../world.ts";
import { OwnProgram } from "../world/own-program.ts";

/** A record whose stub names another's device, as every member can seal it; its body opens as nothing. */
async function withStub(mole: Member, { groupId }: Founded, stub: Partial<Stub>): Promise<WireRecord> {
  const { held } = await mole.group(groupId);
  const items = await held.store.list(logItems, held.groupId).range({ limit: 200, direction: "backward" });
  for (const { value } of items) {
    const keys = value.kind === "record" ? recordKeysOf(held.groupId, held.snapshot.keys, value.era) : null;
    if (value.kind !== "record" || keys === null || value.topic === null) continue;
    const opened = openRecord(value, keys);
    if (opened.kind !== "opened") continue;
    const { topic, target, era, expires } = value;
    const fields = { recordId: new Uint8Array(randomBytes(16)), topic, target, era, expires };
    const junk = { value: null, payload: new Uint8Array(randomBytes(300)), signature: new Uint8Array(64) };
    const sealed = sealSignedContent(fields, { ...stubOf(opened.content), ...stub }, junk, keys);
    if (sealed !== null) return sealed;
  }
  throw new TypeError("the mole reads posts");
}

test("attack 39: stubs that a mole writes in another's name do not move that one's own numbers, nor what it is judged by", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  await bongani.post(group, "before");
  await world.settle();
  const device = (await bongani.parts()).account.device.signing.publicKey;
  const own = (await bongani.group(group.groupId)).held.snapshot.stored.own;
  const records = [
    await withStub(chidi, group, { device, number: Number.MAX_SAFE_INTEGER - 1, headIndex: 2 ** 40 }),
    await withStub(chidi, group, { device, number: own.number + 1, headIndex: 2 ** 40, previousNumber: 0 }),
  ];
  using program = await OwnProgram.of(chidi, group.groupId);
  const answer = await program.socket.ask({ kind: "append", group: program.server.groupId, records });
  expect(answer.kind).toBe("appended");
  await world.settle();
  expect((await bongani.group(group.groupId)).held.snapshot.stored.own).toEqual(own);

  await bongani.post(group, "one");
  await bongani.post(group, "two");
  await world.settle();
  const all = ["opening", "before", "one", "two"];
  for (const reader of [ana, bongani, chidi]) expect(await reader.texts(group)).toEqual(all);
  await bongani.hall.groups.leave(group.groupId);
  await world.settle();
  for (const reader of [ana, chidi]) {
    const { posts } = await reader.hall.topics.posts(group.groupId, group.topicId, { from: 0, limit: 50 });
    expect(posts.map(({ text, state }) => [text, state.kind])).toEqual(all.map((text) => [text, "sent"]));
  }
}, 60_000);
