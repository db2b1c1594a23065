import { randomBytes } from "node:crypto";
import {
  emptyAccount,
  encodeSigned,
  fromHex,
  headOf,
  openBox,
  OpenError,
  openVault,
  toBase64Url,
  signStructure,
  type StatementWire,
} from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boxKeyHash, statementStructure } from "../../crypto/src/account/statements.ts";
import { sealEntry, signEntry, type Entry } from "../../crypto/src/group/entry.ts";
import { person } from "../../crypto/src/group/testing/people.ts";
import { admit } from "../../crypto/src/group/testing/test-group.ts";
import { AddStatements } from "../../server/src/contract/index.ts";
import { createWorld, type Founded, type Member } from "../world.ts";
import { OwnProgram } from "../world/own-program.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
/** Somebody whom nobody admitted: the server's own account, with keys of every kind. */
const phantom = person("phantom");

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

/** What certifies the invented device for somebody else's account, but for the signature. */
function claimingToBe(identityKey: Uint8Array): StatementWire {
  const boxKey = phantom.boxKey(1);
  const parts = { signingKey: phantom.device().publicKey, detailsHash: random(32), boxKeyHash: boxKeyHash(boxKey) };
  const fact = { kind: "device", ...parts, day: 20_000 } as const;
  const { payload, signature } = signStructure(statementStructure, { identityKey, fact }, phantom.identity);
  return { payload, signature, boxKey, details: null };
}

/** Puts an entry into the log that a mole's chain key seals, as well as the server's best friend could make it. */
async function inject(changes: Pick<Entry, "author" | "operations" | "statements">): Promise<number> {
  const { held, state, groupId } = await world.mole.group(group.groupId);
  const head = headOf(state);
  const { newest } = held.snapshot.stored;
  const chainKey = newest === null ? undefined : held.snapshot.keys.get(newest.era)?.chainKey;
  if (head === null || newest === null || chainKey === undefined) throw new TypeError("the mole is in");
  const place = { groupId, index: head.index + 1, previousHash: head.hash, era: newest.era };
  const entry = { ...place, ...changes, device: phantom.device().publicKey, time: world.clock.now() };
  const { index, era, sealed } = sealEntry(signEntry(entry, phantom.device()), groupId, chainKey, random);
  using program = await OwnProgram.of(world.mole, group.groupId);
  const chain = { index, era, starts: null, sealed, boxes: [], link: null, command: null };
  await program.socket.expect("appended", { kind: "chain", group: groupId, chain });
  await world.settle();
  return index;
}

async function namesSeenBy({ hall }: Member): Promise<readonly string[]> {
  return (await hall.groups.members(group.groupId)).map(({ profile }) => profile.name).toSorted();
}

async function vaultOf(member: Member): Promise<Uint8Array> {
  const { account } = await member.parts();
  const { vault } = await world.hall.app.databases.accounts
    .selectFrom("account")
    .select("vault")
    .where("id", "=", Buffer.from(account.accountId))
    .executeTakeFirstOrThrow();
  return new Uint8Array(vault ?? []);
}

function opensBox(box: Uint8Array, era: number): boolean {
  try {
    return openBox(box, fromHex(group.groupId), era, phantom.boxKeyPair()).number === era;
  } catch (error) {
    if (error instanceof OpenError) return false;
    throw error;
  }
}

test("attack 1: an invented member is void on every client, and no box of any era is made for it", async () => {
  const { ana, bongani, mole } = world;
  const anas = (await ana.parts()).account.identityKey;
  const admission = { operations: [admit(phantom, "facilitator")] };
  const injected = [
    await inject({ ...admission, author: phantom.key, statements: [phantom.certifies(0, 0)] }),
    await inject({ ...admission, author: anas, statements: [] }),
    await inject({ ...admission, author: anas, statements: [phantom.certifies(0, 0)] }),
    await inject({ ...admission, author: anas, statements: [claimingToBe(anas)] }),
  ];
  for (const reader of [ana, bongani, mole]) {
    expect(await namesSeenBy(reader)).toEqual(["ana", "bongani", "mole"]);
    const lines = await reader.hall.groups.chain(group.groupId);
    expect(injected.map((index) => lines[index]?.verdict)).toEqual([
      { kind: "void", reason: "not-a-member" },
      { kind: "void", reason: "device-not-certified" },
      { kind: "void", reason: "statement-invalid" },
      { kind: "void", reason: "statement-invalid" },
    ]);
    // None of it is shown as ana's: she signed nothing.
    for (const index of injected) expect(lines[index]?.by.accountId).not.toBe(ana.accountId);
  }
  await (await ana.group(group.groupId)).propose([{ kind: "new-era", after: 0 }]);
  await bongani.post(group, "after");
  await world.settle();
  const boxes = await world.hall.app.databases.groups
    .selectFrom("group_box")
    .innerJoin("working_group", "working_group.no", "group_box.group_no")
    .where("working_group.id", "=", Buffer.from(group.groupId, "hex"))
    .select(["group_box.box", "group_box.era"])
    .execute();
  expect(boxes.filter(({ era }) => era === 1)).toHaveLength(3);
  expect(boxes.filter(({ box, era }) => opensBox(new Uint8Array(box), era))).toEqual([]);
  for (const reader of [ana, bongani, mole]) expect(await reader.texts(group)).toEqual(["opening", "after"]);
});

test("attack 1: a device that the server lists for an account receives nothing: no vault opens for it, no group knows it", async () => {
  const { ana, bongani } = world;
  const { account } = await ana.parts();
  const { accounts } = world.hall.app.databases;
  const invented = { account_id: Buffer.from(account.accountId), revoked: false };
  await accounts
    .insertInto("device")
    .values({ ...invented, signing_key: Buffer.from(phantom.device().publicKey) })
    .execute();
  // Ana's program writes the vault anew and goes on in her groups.
  const tagBefore = await vaultOf(ana);
  const other = await ana.foundGroup("Canteen", { admits: [bongani] });
  await world.settle();
  const vault = await vaultOf(ana);
  expect(Buffer.compare(vault, tagBefore)).not.toBe(0);
  for (const key of [phantom.boxKeyPair(0), phantom.boxKeyPair(1)]) {
    const expected = { account: account.state(), key, seen: null, minKeyGeneration: 0 };
    expect(openVault(vault, expected)).toMatchObject({ kind: "refused", reason: "not-for-this-key" });
    expect(openVault(vault, { ...expected, account: emptyAccount(account.identityKey) })).toMatchObject({
      kind: "refused",
    });
  }
  for (const { groupId } of [group, other]) {
    const { state } = await bongani.group(groupId);
    const devices = [...state.accounts.values()].flatMap((known) => known.devices.map(({ key }) => toBase64Url(key)));
    expect(devices).not.toContain(toBase64Url(phantom.device().publicKey));
    expect(devices.length).toBeGreaterThanOrEqual(2);
  }
});

test("attack 1: the server lists no device by a statement that is not the account's own", async () => {
  const { api } = await world.ana.parts();
  const anas = (await world.ana.parts()).account.identityKey;
  for (const wire of [phantom.certifies(1, null), claimingToBe(anas)]) {
    const body = { statements: [toBase64Url(encodeSigned(wire))] };
    expect(await api.call(AddStatements, { body }, ["statement-refused"])).toMatchObject({ kind: "problem" });
  }
});
