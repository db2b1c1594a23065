import { toHex, verifyStewardCommand } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { decodeWire } from "../client/src/core/api/wire-bytes.ts";
import { ClientFrame } from "../server/src/contract/index.ts";
import { createWorld, type Member } from "./world.ts";

test("two facilitators append at once: one wins, the other's act follows by itself, and nobody notices", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  // Both sign for the same place of the chain: neither hears of the other before.
  await Promise.all([ana.remove(chidi, group), bongani.remove(dolores, group)]);
  await Promise.all([ana.post(group, "by ana"), bongani.post(group, "by bongani")]);
  await world.settle();
  const chains = await Promise.all([ana, bongani].map(({ hall }) => hall.groups.chain(group.groupId)));
  expect(chains[0]).toEqual(chains[1]);
  const removals = chains[0]?.filter(({ acts }) => acts.some(({ kind }) => kind === "remove")) ?? [];
  expect(removals).toHaveLength(2);
  expect(chains[0]?.every(({ verdict }) => verdict.kind === "counted")).toBe(true);
  for (const reader of [ana, bongani]) {
    expect((await reader.texts(group)).toSorted()).toEqual(["by ana", "by bongani", "opening"]);
    expect(await reader.hall.groups.get(group.groupId)).toMatchObject({ era: 2, memberCount: 2, warnings: [] });
    expect(await reader.hall.topics.refused(group.groupId)).toEqual([]);
  }
});

test("two facilitators remove each other in the same moment: one wins, the same one for everybody", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  const outcomes = await Promise.allSettled([ana.remove(bongani, group), bongani.remove(ana, group)]);
  await world.settle();
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const [winner, loser] = outcomes[0]?.status === "fulfilled" ? [ana, bongani] : [bongani, ana];
  const left = (await chidi.hall.groups.members(group.groupId)).map(({ accountId }) => accountId);
  expect(left.toSorted()).toEqual([winner.accountId, chidi.accountId].toSorted());
  expect((await loser.hall.groups.get(group.groupId)).standing).toEqual({ kind: "removed", byName: winner.name });
});

/** The requests of this member's program that start an era: the public keys of each, and its boxes, in hex. */
function erasAskedFor({
  between,
}: Member): readonly { readonly keys: readonly string[]; readonly boxes: Set<string> }[] {
  return between.frames.flatMap((bytes) => {
    const frame = decodeWire(ClientFrame, bytes);
    if (frame.kind !== "chain" || frame.chain.command === null) return [];
    const { operation } = verifyStewardCommand(frame.chain.command);
    if (operation.kind !== "chain" || operation.era === null) return [];
    const { passKey, labelKey } = operation.era;
    const boxes = new Set(frame.chain.boxes.flatMap(({ label, box }) => [toHex(label), toHex(box)]));
    return [{ keys: [toHex(passKey), toHex(labelKey)], boxes }];
  });
}

test("the era key of a request that lost its place is never used again: the hall has seen its boxes", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await world.settle();
  // Ana's program does not hear that dolores left before it asks for the era that shuts chidi out.
  ana.between.lies = { fromServer: (frame) => (frame.kind === "items" ? [] : [frame]) };
  await dolores.hall.groups.leave(group.groupId);
  await ana.remove(chidi, group);
  ana.between.lies = {};
  await bongani.post(group, "after both went");
  await world.settle();
  const asked = erasAskedFor(ana);
  expect(asked).toHaveLength(2);
  const [lost, won] = asked;
  expect(lost?.keys.filter((key) => won?.keys.includes(key))).toEqual([]);
  expect(lost?.boxes.size).toBe(6);
  expect([...(won?.boxes ?? [])].filter((box) => lost?.boxes.has(box))).toEqual([]);
  for (const reader of [ana, bongani]) expect(await reader.texts(group)).toEqual(["opening", "after both went"]);
});

test("a hall that takes the start of an era, says that it did not and keeps the box back shuts nobody out", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const asked = new Set<number>();
  const nothing = { seqs: [], hash: null, newest: null, retryAfterSeconds: null };
  ana.between.lies = {
    toServer: (frame) => {
      if (frame.kind === "chain") asked.add(frame.request);
      return [frame];
    },
    // The refusal comes before the entry and the era: these only once the connection has been lost.
    fromServer: (frame) => {
      if (frame.kind === "era") return [];
      if (frame.kind === "items") return frame.items.some(({ kind }) => kind === "entry") ? [] : [frame];
      if (frame.kind !== "appended" || !asked.has(frame.request)) return [frame];
      return [{ kind: "refused", request: frame.request, code: "malformed-request", ...nothing }];
    },
    boxes: () => [],
  };
  const start = (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await expect(start).rejects.toMatchObject({ problem: "server-refused" });
  await bongani.until(
    () => bongani.hall.groups.get(group.groupId),
    ({ era }) => era === 1,
  );
  await bongani.post(group, "in the new era");
  ana.between.lies = { boxes: () => [] };
  ana.between.hangUp();
  await ana.until(
    () => ana.texts(group),
    (texts) => texts.includes("in the new era"),
  );
  expect(await ana.hall.groups.get(group.groupId)).toMatchObject({ era: 1, standing: { kind: "member" } });
  ana.between.lies = {};
  await world.settle();
});
