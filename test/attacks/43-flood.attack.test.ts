import {
  boxKeyPair,
  boxLabel,
  eraKeysOf,
  labelKeyPair,
  openBox,
  OpenError,
  parseRecoveryPhrase,
  rootKeys,
  signRevokeStatement,
  statementForGroups,
  toHex,
  type BoxKeyPair,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld, type Founded, type Member } from "../world.ts";
import { junk, OwnProgram } from "../world/own-program.ts";

type AnyWorld = Pick<Awaited<ReturnType<typeof createWorld>>, "hall">;

async function rowOf({ hall }: AnyWorld, { groupId }: Founded) {
  return hall.app.databases.groups
    .selectFrom("working_group")
    .select(["no", "head_index", "era"])
    .where("id", "=", Buffer.from(groupId, "hex"))
    .executeTakeFirstOrThrow();
}

async function boxesOf(world: AnyWorld, group: Founded) {
  const { no } = await rowOf(world, group);
  const rows = await world.hall.app.databases.groups
    .selectFrom("group_box")
    .selectAll()
    .where("group_no", "=", no)
    .orderBy("place")
    .execute();
  return rows.map((row) => ({ ...row, label: new Uint8Array(row.label), box: new Uint8Array(row.box) }));
}

function opens(box: Uint8Array, groupId: string, era: number, key: BoxKeyPair): boolean {
  try {
    return openBox(box, Uint8Array.from(Buffer.from(groupId, "hex")), era, key).number === era;
  } catch (error) {
    if (error instanceof OpenError) return false;
    throw error;
  }
}

/**
 * Hears nothing live until one of its own requests was refused: whoever is slow, or whom the server keeps slow. `meanwhile` is what others
 * do between the refusal and the moment at which it is heard of.
 */
function deafUntilRefused(member: Member, meanwhile: () => Promise<void> = async () => {}): void {
  member.between.lies = {
    fromServer: (frame) => {
      if (frame.kind === "refused") member.between.lies = {};
      return frame.kind === "items" ? [] : [frame];
    },
    holdFromServer: (frame) => (frame.kind === "refused" ? meanwhile() : null),
  };
}

/** Sends entries that nobody can open until told to stop; gives how many were taken, and with which codes the others were refused. */
async function floodChain(world: AnyWorld, mole: Member, group: Founded, goOn: () => boolean) {
  const codes = new Set<string>();
  let taken = 0;
  using program = await OwnProgram.of(mole, group.groupId);
  while (goOn()) {
    const { head_index } = await rowOf(world, group);
    const answer = await program.appendJunk(head_index + 1);
    if (answer.kind === "appended") taken++;
    if (answer.kind === "refused") codes.add(answer.code);
  }
  return { taken, codes };
}

test("attack 43: junk boxes and links find little room and none of the good ones' places; a returning member reads all", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "mole"] });
  const { ana, bongani, mole } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, mole] });
  await world.settle();
  await bongani.close();
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await ana.post(group, "in the next era");
  await world.settle();
  const good = await boxesOf(world, group);
  expect(good.length).toBeGreaterThanOrEqual(3);

  using program = await OwnProgram.of(mole, group.groupId);
  for (const { label } of good) {
    const tries: boolean[] = [];
    for (let round = 0; round < 5; round++) tries.push(await program.addJunkBox(label));
    expect(tries).toEqual([true, true, false, false, false]);
  }
  const after = await boxesOf(world, group);
  for (const { label, hash, place } of good) {
    const under = after.filter((row) => toHex(row.label) === toHex(label));
    expect(under).toHaveLength(3);
    expect(under.find((row) => row.place === place)?.hash).toEqual(hash);
  }
  const outcomes: string[] = [];
  for (let round = 0; round < 5; round++) {
    const link = { chain: junk(104), content: junk(104) };
    outcomes.push(await program.server.addLink(program.token, { era: program.era, link, command: null }));
  }
  expect(outcomes).toEqual(["added", "added", "no-room", "no-room", "no-room"]);

  await Promise.all([ana.close(), mole.close()]);
  await bongani.reopen();
  await world.settle();
  expect(await bongani.texts(group)).toEqual(["opening", "in the next era"]);
}, 120_000);

test("attack 43: who fills a guest's label with junk beforehand does not keep the right box out", async () => {
  await using world = await createWorld({ people: ["ana", "mole", "dolores"] });
  const { ana, mole, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [mole] });
  await world.settle();
  // The mole met Dolores in another group: there the chain holds her keys.
  const { account } = await dolores.parts();
  const [own] = account.boxKeys();
  const { newest, groupId } = await mole.group(group.groupId);
  if (own === undefined || newest === null) throw new TypeError("an account, and a member");
  const { label } = eraKeysOf(newest.era, newest.eraKey);
  using program = await OwnProgram.of(mole, group.groupId);
  const owner = { kind: "account", identityKey: account.identityKey } as const;
  const hers = boxLabel(label, own.label.publicKey, owner, groupId, newest.era);
  const tries: boolean[] = [];
  for (let round = 0; round < 4; round++) tries.push(await program.addJunkBox(hers));
  expect(tries).toEqual([true, true, true, false]);

  await ana.admit(group.groupId, [dolores]);
  await world.settle();
  expect(await dolores.texts(group)).toEqual(["opening"]);
  const under = (await boxesOf(world, group)).filter((row) => toHex(row.label) === toHex(hers));
  expect(under.map(({ box, era }) => opens(box, group.groupId, era, own.box))).toEqual([false, false, false, true]);
}, 120_000);

test("attack 43: a member who floods the chain is removed all the same: the chain is kept free for who lost a race", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "mole"] });
  const { ana, bongani, mole } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, mole] });
  await world.settle();
  const before = (await rowOf(world, group)).head_index;
  // Ana's first request comes too late: two entries of the mole's have taken its place. And the mole is quicker than her next one.
  const quick: string[] = [];
  using program = await OwnProgram.of(mole, group.groupId);
  deafUntilRefused(ana, async () => {
    const answer = await program.appendJunk((await rowOf(world, group)).head_index + 1);
    quick.push(answer.kind === "refused" ? answer.code : answer.kind);
  });
  const first = await floodChain(world, mole, group, countdown(2));
  expect(first.taken).toBe(2);
  let removed = false;
  const [flood] = await Promise.all([
    floodChain(world, mole, group, () => !removed),
    ana.remove(mole, group).finally(() => {
      removed = true;
    }),
  ]);
  await world.settle();
  expect(flood.taken).toBeLessThanOrEqual(5);
  expect(quick).toEqual(["chain-reserved"]);
  const acts = await ana.chainActs(group.groupId);
  expect(acts.findIndex((kinds) => kinds.includes("remove"))).toBe(before + 1 + 2 + flood.taken);
  const members = (await bongani.hall.groups.members(group.groupId)).map(({ accountId }) => accountId);
  expect(members.toSorted()).toEqual([ana.accountId, bongani.accountId].toSorted());
  await bongani.post(group, "after the flood");
  await world.settle();
  for (const reader of [ana, bongani]) expect(await reader.texts(group)).toEqual(["opening", "after the flood"]);
  expect(await mole.texts(group)).toEqual(["opening"]);
}, 120_000);

test("attack 43: a token takes five entries and the group a day's worth; another's revocation goes through by a facilitator", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "mole"] });
  const { ana, bongani, mole } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, mole] });
  await world.settle();
  let taken = 0;
  for (let last = 5; last === 5;) {
    const flood = await floodChain(world, mole, group, countdown(6));
    last = flood.taken;
    taken += last;
    expect([...flood.codes]).toEqual(["chain-quota-spent"]);
  }
  expect(taken).toBeGreaterThan(150);
  expect(taken).toBeLessThanOrEqual(200);

  // Bongani's phone is gone: he revokes it by his words, on paper as it were; his own entry finds no room today.
  const phrase = await parseRecoveryPhrase(bongani.words.join(" "));
  if (phrase.kind !== "root") throw new TypeError("12 words");
  const { account } = await bongani.parts();
  const fact = { signingKey: account.device.signing.publicKey, day: 20_500 };
  const key = { generation: 1, publicKey: boxKeyPair(junk(32)).publicKey, labelKey: labelKeyPair(junk(32)).publicKey };
  const statement = statementForGroups(signRevokeStatement(rootKeys(phrase.root).identity, fact, key));
  using program = await OwnProgram.of(bongani, group.groupId);
  const { head_index } = await rowOf(world, group);
  expect(await program.appendJunk(head_index + 1)).toMatchObject({ kind: "refused", code: "chain-quota-spent" });
  const handedOn = { kind: "account", statement } as const;
  await (await mole.group(group.groupId)).write({ kind: "statement", handedOn });
  await ana.until(
    () => ana.chainActs(group.groupId),
    (acts) => acts.some((kinds) => kinds.includes("account-update")),
  );
  const { state } = await ana.group(group.groupId);
  const stored = state.accounts.get(toHex(account.identityKey))?.statements ?? [];
  expect(stored.map(({ payload }) => toHex(payload))).toContain(toHex(statement.payload));
}, 240_000);

test("attack 43: an admission that loses its race to the end of its invite leaves no box behind", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "dolores"] });
  const { ana, bongani, dolores } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await ana.hall.groups.setRole(group.groupId, bongani.accountId, "facilitator");
  await world.settle();
  const link = await ana.link(group.groupId);
  await dolores.join(link);
  const [asked] = await bongani.until(
    () => bongani.hall.invites.requests(group.groupId),
    (requests) => requests.length > 0,
  );
  const before = (await boxesOf(world, group)).length;
  deafUntilRefused(bongani);
  const invite = (await ana.hall.invites.list(group.groupId)).find(({ state }) => state === "open");
  await ana.hall.invites.end(group.groupId, invite?.inviteId ?? "");
  await expect(bongani.hall.invites.approve(group.groupId, asked?.requestId ?? "")).rejects.toMatchObject({
    problem: expect.stringMatching(/^invite-/),
  });
  expect(bongani.between.lies).toEqual({});
  expect(await boxesOf(world, group)).toHaveLength(before);
  const [hers] = (await dolores.parts()).account.boxKeys();
  if (hers === undefined) throw new TypeError("an account has a box key");
  for (const { box, era } of await boxesOf(world, group)) expect(opens(box, group.groupId, era, hers.box)).toBe(false);
}, 120_000);

test("attack 43: boxes made before somebody's new box key are made again: nothing of the new era is boxed to the old key", async () => {
  await using world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await bongani.close();
  const again = world.stranger("bongani's new phone");
  deafUntilRefused(ana);
  await again.recover(bongani.words);
  await again.hall.settled();
  expect((await again.chainActs(group.groupId)).at(-1)).toEqual(["account-update"]);
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await world.settle();
  expect(ana.between.lies).toEqual({});
  const [old, current] = (await again.parts()).account.boxKeys();
  if (old === undefined || current === undefined) throw new TypeError("a recovery makes a new box key");
  const ofNewEra = (await boxesOf(world, group)).filter(({ era }) => era === 1);
  const opened = (key: BoxKeyPair): number =>
    ofNewEra.filter(({ box, era }) => opens(box, group.groupId, era, key)).length;
  expect([opened(old.box), opened(current.box)]).toEqual([0, 1]);
}, 120_000);

/** True so many times. */
function countdown(times: number): () => boolean {
  let left = times;
  return () => left-- > 0;
}
