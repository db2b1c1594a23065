import { randomBytes } from "node:crypto";
import { eraKeysOf } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { GroupServer } from "../../client/src/core/sync/group-server.ts";
import type { ClientFrame } from "../../server/src/contract/index.ts";
import { LiveClient } from "../../server/src/groups/testing/live-client.ts";
import { createWorld, type Founded, type Member } from "../world.ts";

type ChainFrame = Extract<ClientFrame, { readonly kind: "chain" }>;

/** A facilitator whose own program puts something else into the requests that start eras, and repairs nothing. */
function turnBad(
  bad: Member,
  change: (chain: ChainFrame["chain"]) => ChainFrame["chain"],
): { readonly changed: () => number } {
  let changed = 0;
  bad.between.lies = {
    toServer: (frame) => {
      if (frame.kind !== "chain" || frame.chain.starts === null) return [frame];
      changed++;
      return [{ ...frame, chain: change(frame.chain) }];
    },
    answer: ({ url, method }) =>
      method === "POST" && /\/(boxes|links)$/.test(new URL(url).pathname)
        ? { status: 503, headers: {}, body: new Uint8Array() }
        : null,
  };
  return { changed: () => changed };
}

async function startEra(by: Member, { groupId }: Founded): Promise<void> {
  const group = await by.group(groupId);
  await group.propose([{ kind: "new-era", after: group.newest?.era ?? 0 }]);
}

/** Ana and bongani are facilitators, chidi is not; bongani will be the bad one. */
async function worldOfThree() {
  const world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  return { world, group };
}

/** With the last byte changed. */
const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));

const junk = (bytes: Uint8Array): Uint8Array => new Uint8Array(randomBytes(bytes.length));

test("attack 12: an era with junk in some boxes: whoever got in fills them in, and everybody reads", async () => {
  const { world, group } = await worldOfThree();
  await using _ = world;
  const { ana, bongani, chidi } = world;
  await chidi.close();
  const { account } = await chidi.parts();
  const chidis = account.boxKeys().length;
  // Every box but those of bongani and ana: ana's is found by trying which of them ana can do without.
  const before = await ana.group(group.groupId);
  const { changed } = turnBad(bongani, (chain) => ({
    ...chain,
    boxes: chain.boxes.map(({ label, box }, at) =>
      at === chain.boxes.length - 1 ? { label, box: junk(box) } : { label, box },
    ),
  }));
  await startEra(bongani, group);
  await bongani.post(group, "in the new era").catch(() => "");
  await bongani.hall.settled();
  await bongani.close();
  expect([changed(), chidis, before.role]).toEqual([1, 1, "facilitator"]);
  await world.settle();
  await chidi.reopen();
  await world.settle();
  // One of the two got in and put the other's box right.
  for (const reader of [ana, chidi]) await reader.reopen();
  await world.settle();
  for (const reader of [ana, chidi]) expect(await reader.texts(group)).toEqual(["opening", "in the new era"]);
  const noticed = [...(await ana.warnings(group.groupId)), ...(await chidi.warnings(group.groupId))];
  expect(noticed).toContain("box-repaired");
}, 240_000);

test("attack 12: an era with a wrong link: a member who has the keys puts the right one beside, and a newcomer reads all", async () => {
  const { world, group } = await worldOfThree();
  await using _ = world;
  const { ana, bongani } = world;
  const { changed } = turnBad(bongani, (chain) => ({
    ...chain,
    link: chain.link && { chain: junk(chain.link.chain), content: chain.link.content && junk(chain.link.content) },
  }));
  await startEra(bongani, group);
  await bongani.close();
  await world.settle();
  expect(changed()).toBe(1);
  await ana.reopen();
  await world.settle();
  const warnings = (await ana.hall.groups.get(group.groupId)).warnings;
  expect(warnings).toContainEqual(expect.objectContaining({ kind: "link-repaired", byName: "bongani" }));
  const dolores = await world.person("dolores");
  await ana.admit(group.groupId, [dolores]);
  await world.settle();
  expect(await dolores.texts(group)).toEqual(["opening"]);
}, 240_000);

test("attack 12: an era whose key nobody can derive stops the group, by the name of who did it; all that was readable stays", async () => {
  const { world, group } = await worldOfThree();
  await using _ = world;
  const { ana, bongani, chidi } = world;
  await chidi.post(group, "before");
  await world.settle();
  const { changed } = turnBad(bongani, (chain) => ({
    ...chain,
    boxes: chain.boxes.map(({ label, box }) => ({ label, box: junk(box) })),
  }));
  await startEra(bongani, group);
  await bongani.close();
  await world.settle();
  expect(changed()).toBe(1);
  for (const reader of [ana, chidi]) {
    await reader.reopen();
    await world.settle();
    expect((await reader.hall.groups.get(group.groupId)).standing).toMatchObject({
      kind: "stopped",
      byName: "bongani",
    });
    expect(await reader.texts(group)).toEqual(["opening", "before"]);
    await expect(reader.post(group, "lost?")).rejects.toMatchObject({ problem: "group-stopped" });
  }
}, 240_000);

test("attack 12: the server takes no era from a member or a guest, signed by nobody or by a key that is no steward's", async () => {
  const { world, group } = await worldOfThree();
  await using _ = world;
  const { ana, bongani, chidi } = world;
  // A request as good as a facilitator's, caught on its way out.
  const caught = Promise.withResolvers<ChainFrame["chain"]>();
  bongani.between.lies = {
    toServer: (frame) => {
      if (frame.kind !== "chain") return [frame];
      caught.resolve(frame.chain);
      return [];
    },
  };
  void startEra(bongani, group).catch(() => {});
  const good = await caught.promise;
  const held = await chidi.group(group.groupId);
  const { api } = await chidi.parts();
  const { newest } = held;
  if (newest === null) throw new TypeError("chidi is in");
  const server = new GroupServer(held.groupId, api, chidi.origin);
  const token = await server.token(eraKeysOf(newest.era, newest.eraKey), world.clock.now());
  const socket = await LiveClient.connect(`${chidi.origin.replace("http", "ws")}/api/live`);
  const { groupId } = held;
  await socket.expect("subscribed", {
    kind: "subscribe",
    group: groupId,
    token: token?.token ?? junk(new Uint8Array(32)),
    after: 0,
  });
  const attempts = [
    { ...good, command: null },
    { ...good, command: good.command && flip(good.command) },
    { ...good, sealed: flip(good.sealed) },
  ];
  for (const chain of attempts)
    expect(await socket.refusal({ kind: "chain", group: groupId, chain })).toMatch(/^(steward|signature)-/);
  expect((await server.eras()).newest).toBe(newest.era);
  // The same request as it was is taken.
  await socket.expect("appended", { kind: "chain", group: groupId, chain: good });
  socket.close();
  bongani.between.lies = {};
  await bongani.reopen();
  await world.settle();
  expect((await ana.hall.groups.get(group.groupId)).era).toBe(newest.era + 1);
}, 240_000);
