import {
  boxLabel,
  eraKeysOf,
  fromHex,
  linkKeys,
  makeBox,
  newStewardSeed,
  nextEra,
  openDeskKeys,
  parseLink,
  refusalLabel,
  sealRequest,
  statementForGroups,
  stewardKeyPair,
  toBase64Url,
  toHex,
  boxKeyHash,
  type JoinRequest as SignedRequest,
  type LinkKeys,
  type Preview,
} from "@unionhall/crypto";
import { limits } from "@unionhall/server/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GroupServer } from "../sync/group-server.ts";
import { DeskServer } from "./desk-server.ts";
import { followLink } from "./read-invite.ts";
import { InviteWorld, type Comrade } from "./testing/invite-world.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function followed(
  person: Comrade,
  link: string,
): Promise<{ keys: LinkKeys; preview: Preview; desk: DeskServer }> {
  const parts = await person.parts();
  const { keys, preview } = await followLink(parts, link);
  return { keys, preview, desk: new DeskServer(keys.deskId, parts.api, parts.origin) };
}

/** A good request of somebody, as their own program would write it, with changes. */
async function requestOf(person: Comrade, link: string, changes: Partial<SignedRequest> = {}): Promise<SignedRequest> {
  const { account, clock, random } = await person.parts();
  const { keys, preview } = await followed(person, link);
  const state = account.state();
  if (state.boxKey === null) throw new TypeError("every account has a box key");
  return {
    groupId: preview.groupId,
    inviteId: keys.inviteId,
    identityKey: account.identityKey,
    device: account.device.signing.publicKey,
    boxKeyHash: boxKeyHash(state.boxKey),
    stewardKey: stewardKeyPair(newStewardSeed(random)).publicKey,
    statements: [...state.statements.values()].map(statementForGroups),
    name: person.name,
    union: null,
    language: null,
    note: "",
    time: clock.now(),
    ...changes,
  };
}

/** An admission of somebody by no invite, as a facilitator's own program may write it. */
async function admitting(person: Comrade, request: Uint8Array | null) {
  const { account, random } = await person.parts();
  return {
    kind: "admit",
    identityKey: account.identityKey,
    statements: [...account.state().statements.values()].map(statementForGroups),
    stewardKey: stewardKeyPair(newStewardSeed(random)).publicKey,
    role: "member",
    invite: null,
    request,
  } as const;
}

const requestsAt = async (person: Comrade, groupId: string, count: number) =>
  person.until(
    () => person.hall.invites.requests(groupId),
    ({ length }) => length === count,
  );

test("28: somebody admitted who never asked sees nothing of it", async () => {
  const { person: mallory, groupId } = await world.founder("Mallory");
  const ben = await world.person("Ben");
  await (await mallory.group(groupId)).propose([await admitting(ben, null)]);
  expect(await mallory.hall.groups.members(groupId)).toHaveLength(2);
  const sentBefore = ben.sent.length;
  await ben.reopen();
  await ben.hall.settled();
  expect(await ben.hall.groups.list()).toEqual([]);
  expect(await ben.hall.invites.joining()).toEqual([]);
  expect(ben.sent.slice(sentBefore).filter(({ url }) => url.includes(toBase64Url(fromHex(groupId))))).toEqual([]);
});

test("29: junk and false requests at a desk are thrown out, and the good one is seen", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const other = await ana.link(groupId);
  const [mallory, ben] = [await world.person("Mallory"), await world.person("Ben")];
  const { keys, preview, desk } = await followed(mallory, link);
  const { account, random } = await mallory.parts();
  const own = account.device.signing;
  const good = await requestOf(mallory, link);
  const bens = await requestOf(ben, link, { name: "Ben" });
  const altered = [
    // in somebody else's name
    sealRequest({ ...bens, device: own.publicKey }, keys, own, preview.deskBoxKey, random).sealed,
    sealRequest(bens, keys, own, preview.deskBoxKey, random).sealed,
    // by another link
    sealRequest(good, (await followed(mallory, other)).keys, own, preview.deskBoxKey, random).sealed,
    sealRequest(await requestOf(mallory, other), keys, own, preview.deskBoxKey, random).sealed,
    // with other statements, and another box key than they hold
    sealRequest({ ...good, statements: bens.statements }, keys, own, preview.deskBoxKey, random).sealed,
    sealRequest({ ...good, boxKeyHash: bens.boxKeyHash }, keys, own, preview.deskBoxKey, random).sealed,
    random(1),
    random(5_000),
    random(limits.mailboxItemBytes),
  ];
  await ana.hall.close();
  for (const item of altered) expect(await desk.leave(keys.deskWriteToken, item)).toBe("left");
  await ben.join(link, "really me");
  ana.restart();
  expect(await requestsAt(ana, groupId, 1)).toMatchObject([{ accountId: ben.accountId, note: "really me" }]);
  await ana.hall.settled();
  const { account: anas, api, origin, clock } = await ana.parts();
  const invite = (await ana.group(groupId)).state.invites.get(toHex(keys.inviteId));
  const place = { groupId: fromHex(groupId), inviteId: keys.inviteId };
  const boxKeys = anas.boxKeys().map(({ box }) => box);
  const deskKeys = invite === undefined ? null : openDeskKeys(invite.desk, place, anas.identityKey, boxKeys);
  if (deskKeys === null) throw new TypeError("Ana reads the desk");
  const reading = new DeskServer(keys.deskId, api, origin);
  const token = await reading.token(deskKeys.readKey, clock.now());
  const left = await reading.items(token?.token ?? new Uint8Array(32), 0);
  expect(left?.items).toHaveLength(1);
});

test("29: a flood of good requests by one account is one request, the newest", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const mallory = await world.person("Mallory");
  const { keys, preview, desk } = await followed(mallory, link);
  const { account, random } = await mallory.parts();
  for (let number = 1; number <= 12; number++) {
    const request = await requestOf(mallory, link, { note: `number ${number}` });
    await desk.leave(
      keys.deskWriteToken,
      sealRequest(request, keys, account.device.signing, preview.deskBoxKey, random).sealed,
    );
  }
  const [shown, ...others] = await ana.until(
    () => ana.hall.invites.requests(groupId),
    ([first]) => first?.note === "number 12",
  );
  expect(others).toEqual([]);
  await ana.hall.invites.refuse(groupId, shown?.requestId ?? "");
  await ana.hall.settled();
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
});

test("29: requests that claim to be older than they are come after those that were there first", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  await ben.join(link, "was here first");
  for (const name of ["Mallory", "Mallory's second account"]) {
    const mallory = await world.person(name);
    const { keys, preview, desk } = await followed(mallory, link);
    const { account, random } = await mallory.parts();
    const request = await requestOf(mallory, link, { time: 0, note: name });
    const { sealed } = sealRequest(request, keys, account.device.signing, preview.deskBoxKey, random);
    expect(await desk.leave(keys.deskWriteToken, sealed)).toBe("left");
  }
  const notes = (await requestsAt(ana, groupId, 3)).map(({ note }) => note);
  expect(notes).toEqual(["was here first", "Mallory", "Mallory's second account"]);
});

test("a box that a member lays for a guest who was not admitted, real or junk, leads nowhere; the admission does", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const mole = await world.person("Mole");
  await mole.join(link);
  const [ofMole] = await requestsAt(ana, groupId, 1);
  await ana.hall.invites.approve(groupId, ofMole?.requestId ?? "");
  await mole.whenIn(groupId);
  await mole.hall.settled();
  const ben = await world.person("Ben");
  await ben.join(link);
  const { api, origin, clock, random } = await mole.parts();
  const { newest } = await mole.group(groupId);
  if (newest === null) throw new TypeError("the mole is in");
  const real = eraKeysOf(newest.era, newest.eraKey);
  const altered = { ...nextEra(real, fromHex(groupId), random), number: real.number };
  const { account } = await ben.parts();
  const { boxKey } = account.state();
  if (boxKey === null) throw new TypeError("every account has a box key");
  const recipient = { kind: "account", identityKey: account.identityKey, boxKey: boxKey.publicKey, index: 0 } as const;
  const label = boxLabel(real.label, boxKey.labelKey, recipient, fromHex(groupId), real.number);
  const boxes = [real, altered].map((keys) =>
    makeBox(fromHex(groupId), keys, { ...recipient, labelKey: boxKey.labelKey }),
  );
  const server = new GroupServer(fromHex(groupId), api, origin);
  const token = await server.token(real, clock.now());
  const laid = boxes.flatMap((made) => (made === null ? [] : [{ label, box: made.box, command: null }]));
  expect(await server.addBoxes(token?.token ?? new Uint8Array(32), { era: real.number, boxes: laid })).toMatchObject({
    added: 2,
  });
  await ben.hall.settled();
  await ben.reopen();
  await ben.hall.settled();
  expect(await ben.hall.groups.list()).toEqual([]);
  expect(await ben.hall.invites.joining()).toMatchObject([{ kind: "waiting" }]);
  const [request] = await requestsAt(ana, groupId, 1);
  await ana.hall.invites.approve(groupId, request?.requestId ?? "");
  await ben.whenIn(groupId);
});

test("nobody but who can read the desk refuses a guest: other bytes under the note's label say nothing", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  const asked = await ben.join(link);
  const [request] = await requestsAt(ana, groupId, 1);
  const { api, origin, clock, random } = await ana.parts();
  const { newest } = await ana.group(groupId);
  if (newest === null) throw new TypeError("Ana is in");
  const keys = eraKeysOf(newest.era, newest.eraKey);
  const server = new GroupServer(fromHex(groupId), api, origin);
  const token = await server.token(keys, clock.now());
  const label = refusalLabel(fromHex(request?.requestId ?? ""), fromHex(groupId));
  const boxes = [{ label, box: random(32), command: null }];
  await server.addBoxes(token?.token ?? new Uint8Array(32), { era: keys.number, boxes });
  await ben.reopen();
  await ben.hall.settled();
  expect(await ben.hall.invites.joining()).toEqual([asked]);
});

test("27: whoever else holds the link can neither read a request nor keep it from the facilitators", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const [ben, mallory] = [await world.person("Ben"), await world.person("Mallory")];
  await ben.join(link, "secret note");
  const { desk } = await followed(mallory, link);
  const parsed = parseLink(link);
  if (parsed.kind !== "invite") throw new TypeError("it is an invite");
  const { requestKey } = linkKeys(parsed.groupId, parsed.secret);
  expect(await desk.token(requestKey, (await mallory.parts()).clock.now())).toBeNull();
  expect(await desk.items((await mallory.parts()).random(32), 0)).toBeNull();
  expect(await requestsAt(ana, groupId, 1)).toMatchObject([{ note: "secret note" }]);
});

test("who is let in by another way than the one asked for gives away no name, and the group stays out of the vault", async () => {
  const { person: mallory, groupId } = await world.founder("Mallory");
  const ben = await world.person("Ben");
  const link = await mallory.link(groupId);
  await ben.hall.invites.join(link, { note: "" });
  const [request] = await requestsAt(mallory, groupId, 1);
  await ben.hall.close();
  const { account } = await ben.parts();
  const invite = (await mallory.hall.invites.list(groupId))[0];
  await mallory.hall.invites.end(groupId, invite?.inviteId ?? "");
  await (await mallory.group(groupId)).propose([await admitting(ben, fromHex(request?.requestId ?? ""))]);
  await ben.reopen();
  await ben.until(
    () => ben.hall.invites.joining(),
    ([join]) => join?.kind === "refused",
  );
  await ben.hall.settled();
  await mallory.hall.settled();
  expect(await ben.hall.groups.list()).toEqual([]);
  const { vault } = await ben.parts();
  expect(vault.content().groups.map((group) => toHex(group.groupId))).not.toContain(groupId);
  const members = await mallory.hall.groups.members(groupId);
  expect(members.map(({ profile }) => profile.name)).toEqual(["Mallory", toHex(account.accountId).slice(0, 8)]);
  await expect(ben.hall.groups.get(groupId)).rejects.toMatchObject({ problem: "group-unknown" });
});

test("28: who is admitted without having asked before, and asks by a link that came after, is not in by that", async () => {
  const { person: mallory, groupId } = await world.founder("Mallory");
  const ben = await world.person("Ben");
  await mallory.link(groupId);
  await (await mallory.group(groupId)).propose([await admitting(ben, null)]);
  expect(await ben.join(await mallory.link(groupId))).toMatchObject({ kind: "waiting" });
  await ben.hall.settled();
  await mallory.hall.settled();
  expect(await ben.hall.groups.list()).toEqual([]);
  const { vault } = await ben.parts();
  expect(vault.content().groups.map((group) => toHex(group.groupId))).not.toContain(groupId);
});
