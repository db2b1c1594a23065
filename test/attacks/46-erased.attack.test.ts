import { fromHex, signStewardCommand, stewardKeyPair, toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { logItems, recordFacts } from "../../client/src/core/sync/group-store.ts";
import { commandServer } from "../../client/src/core/sync/steward-desk.ts";
import { createWorld, type Founded, type Member } from "../world.ts";

async function postsOf({ hall }: Member, { groupId, topicId }: Founded): Promise<readonly (readonly string[])[]> {
  const { posts } = await hall.topics.posts(groupId, topicId, { from: 0, limit: 50 });
  return posts.map(({ text, state }) => [text, state.kind === "refused" ? state.reason : state.kind]);
}

/** The hash of a record, by its id in hex. */
async function hashOf(member: Member, { groupId }: Founded, recordId: string): Promise<Uint8Array> {
  const { held } = await member.group(groupId);
  const all = await held.store.list(recordFacts, held.groupId).range({ limit: 100, direction: "forward" });
  const found = all.find(({ value }) => toHex(value.recordId) === recordId);
  if (found === undefined) throw new TypeError("no such record");
  return found.value.hash;
}

/** In which form a record is kept. */
async function kindsHeld(member: Member, { groupId }: Founded, recordId: string): Promise<readonly string[]> {
  const { held } = await member.group(groupId);
  const all = await held.store.list(logItems, held.groupId).range({ limit: 100, direction: "forward" });
  return all.flatMap(({ value }) => ("recordId" in value && toHex(value.recordId) === recordId ? [value.kind] : []));
}

test("attack 46: what a facilitator erases goes from every device that follows, with its reason; nobody else can have it erased", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  const recordId = await bongani.post(group, "a name that must go");
  const other = await bongani.post(group, "this stays");
  await world.settle();
  await chidi.close();
  const recordHash = await hashOf(ana, group, recordId);
  const erase = { kind: "erase", recordId: fromHex(recordId), recordHash } as const;
  expect(await commandServer(await ana.parts(), await ana.group(group.groupId), erase)).toBe(true);
  await world.settle();
  await chidi.reopen();
  await world.settle();
  for (const reader of [ana, bongani, chidi]) {
    expect(await kindsHeld(reader, group, recordId)).toEqual(["tombstone"]);
    expect(await postsOf(reader, group)).toEqual([
      ["opening", "sent"],
      ["", "erased"],
      ["this stays", "sent"],
    ]);
    expect(await reader.warnings(group.groupId)).toEqual([]);
    expect((await reader.hall.topics.get(group.groupId, group.topicId)).posts).toBe(2);
  }

  // A command by a member who is no facilitator, which the hall passes on all the same.
  const command = await erasureBy(chidi, group, other, await hashOf(ana, group, other));
  await passOn(ana, bongani, group, command);
  expect(await kindsHeld(ana, group, other)).toEqual(["record"]);
}, 60_000);

/** A command that erases a record, by the signer's own steward key: what the hall would not take, or not any more. */
async function erasureBy(
  signer: Member,
  group: Founded,
  recordId: string,
  recordHash: Uint8Array,
): Promise<Uint8Array> {
  const { groupId, stewardSeed } = await signer.group(group.groupId);
  const { origin } = await signer.parts();
  const operation = { kind: "erase", recordId: fromHex(recordId), recordHash } as const;
  return signStewardCommand({ origin, groupId, counter: 1, operation }, stewardKeyPair(stewardSeed));
}

/** The hall shows this reader the command in the place of the next post of somebody else. */
async function passOn(reader: Member, writer: Member, group: Founded, command: Uint8Array): Promise<void> {
  let passedOn = 0;
  reader.between.lies = {
    items: (items) =>
      items.map((item) => {
        if (item.kind !== "record" || passedOn > 0) return item;
        passedOn++;
        return { kind: "command", seq: item.seq, day: item.day, command };
      }),
  };
  const { held } = await reader.group(group.groupId);
  const { cursor } = held.snapshot.stored;
  await writer.post(group, "in whose place the command comes");
  while (held.snapshot.stored.cursor === cursor) await new Promise((resolve) => setImmediate(resolve));
  expect(passedOn).toBe(1);
}

test("attack 46: what somebody erased as facilitator is gone for those who hear of it later, too; with the role goes the power, whatever the hall does", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  const early = await chidi.post(group, "a name that must go");
  const kept = await chidi.post(group, "this stays");
  await world.settle();
  await chidi.close();
  const erase = { kind: "erase", recordId: fromHex(early), recordHash: await hashOf(ana, group, early) } as const;
  expect(await commandServer(await bongani.parts(), await bongani.group(group.groupId), erase)).toBe(true);
  await world.settle();
  await ana.hall.groups.remove(group.groupId, bongani.accountId);
  await world.settle();
  await chidi.reopen();
  await world.settle();
  for (const reader of [ana, chidi]) expect(await kindsHeld(reader, group, early)).toEqual(["tombstone"]);

  const command = await erasureBy(bongani, group, kept, await hashOf(ana, group, kept));
  await passOn(ana, chidi, group, command);
  expect(await kindsHeld(ana, group, kept)).toEqual(["record"]);
}, 60_000);
