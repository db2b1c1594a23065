import {
  accountOf,
  mergeVaults,
  nextGeneration,
  parseRecoveryPhrase,
  rootKeys,
  signRevokeStatement,
  toHex,
  type VaultContent,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { dayOf, newBoxKey } from "../../client/src/core/session/new-device.ts";
import type { ServerFrame } from "../../server/src/contract/index.ts";
import { createWorld, type Founded, type Member, type World } from "../world.ts";

/** The same account on another device, by its words. */
async function onAnotherDevice(world: World, of: Member): Promise<Member> {
  const again = world.stranger(of.name);
  await again.recover(of.words);
  return again;
}

/** With the 12 words, on this device: revokes another one, whatever that does meanwhile. */
async function revoke(on: Member, stolen: Member): Promise<void> {
  const { account, vault, random, clock } = await on.parts();
  const signingKey = (await stolen.parts()).account.device.signing.publicKey;
  const phrase = await parseRecoveryPhrase(on.words.join(" "));
  if (phrase.kind !== "root") throw new TypeError("these are the words");
  const { secrets, key } = newBoxKey(nextGeneration(account.state()), random);
  const device = { signingKey, day: dayOf(clock.now()) };
  const statement = signRevokeStatement(rootKeys(phrase.root).identity, device, key);
  await vault.update((content: VaultContent) => {
    const added = { ...content, statements: [statement.wire], boxSecrets: [secrets] };
    const merged = mergeVaults(account.identityKey, content, added);
    if (merged.kind === "refused") throw new TypeError(merged.reason);
    return merged.content;
  });
}

async function stewardKeyOf(member: Member, { groupId }: Founded): Promise<string> {
  const { state, identityKey } = await member.group(groupId);
  return toHex(accountOf(state, identityKey)?.stewardKey ?? new Uint8Array());
}

const membersOf = async (member: Member, { groupId }: Founded): Promise<readonly string[]> =>
  (await member.hall.groups.members(groupId)).map(({ profile }) => profile?.name ?? "").toSorted();

test("attack 44: after a revocation every other device of a facilitator goes on, also one that was away, and one that comes later", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi", "dolores"] });
  const { ana, bongani, chidi, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi, dolores] });
  await world.settle();
  const [second, stolen] = [await onAnotherDevice(world, ana), await onAnotherDevice(world, ana)];
  await world.settle();
  const before = await stewardKeyOf(second, group);
  await ana.close();
  await revoke(second, stolen);
  await second.until(
    () => stewardKeyOf(second, group),
    (key) => key !== before,
  );
  await second.remove(chidi, group);
  await ana.reopen();
  await ana.until(
    () => ana.hall.groups.get(group.groupId),
    ({ standing, era }) => standing.kind === "member" && era === 1,
  );
  await ana.remove(dolores, group);
  await stolen.close();
  const third = await onAnotherDevice(world, ana);
  await third.whenIn(group.groupId);
  await third.remove(bongani, group);
  for (const device of [ana, second, third]) {
    await device.until(
      () => membersOf(device, group),
      (names) => names.length === 1,
    );
    expect(await device.warnings(group.groupId)).toEqual([]);
  }
  await world.settle();
});

test("attack 44: a hall that takes a new steward key and says that it did not takes nothing from its facilitator", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  const stolen = await onAnotherDevice(world, ana);
  await world.settle();
  const before = await stewardKeyOf(ana, group);
  const asked = new Set<number>();
  const denied = (frame: ServerFrame): ServerFrame => {
    if (frame.kind !== "appended" || !asked.has(frame.request)) return frame;
    const { request } = frame;
    const nothing = { seqs: [], hash: null, newest: null, retryAfterSeconds: null };
    return { kind: "refused", request, code: "malformed-request", ...nothing };
  };
  ana.between.lies = {
    toServer: (frame) => {
      if (frame.kind === "chain") asked.add(frame.request);
      return [frame];
    },
    fromServer: (frame) => [denied(frame)],
  };
  await ana.hall.session.state();
  await revoke(ana, stolen);
  await ana.until(
    () => stewardKeyOf(ana, group),
    (key) => key !== before,
  );
  expect(asked.size).toBeGreaterThan(0);
  ana.between.lies = {};
  await ana.remove(bongani, group);
  expect(await membersOf(ana, group)).toEqual(["ana"]);
  await world.settle();
});
