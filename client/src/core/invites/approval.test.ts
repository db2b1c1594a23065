import { afterAll, beforeAll, expect, test } from "vitest";
import { toHex } from "@unionhall/crypto";
import { FoundBoxes } from "@unionhall/server/contract";
import { encodeWire } from "../api/wire-bytes.ts";
import { fillablePlatform } from "../testing/fillable-platform.ts";
import { InviteWorld, type Comrade } from "./testing/invite-world.ts";
import type { JoinRequest, JoinState } from "./invites-door.ts";
import { withJoin } from "./vault-invites.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const requestsAt = (person: Comrade, groupId: string, count: number): Promise<readonly JoinRequest[]> =>
  person.until(
    () => person.hall.invites.requests(groupId),
    ({ length }) => length === count,
  );

const joiningIs = (person: Comrade, ...kinds: readonly JoinState["kind"][]): Promise<readonly JoinState[]> =>
  person.until(
    () => person.hall.invites.joining(),
    (states) => states.map(({ kind }) => kind).join() === kinds.join(),
  );

async function approveAll(person: Comrade, groupId: string, count = 1): Promise<void> {
  for (const { requestId } of await requestsAt(person, groupId, count))
    await person.hall.invites.approve(groupId, requestId);
}

async function textsOf(person: Comrade, groupId: string, topicId: string): Promise<readonly string[]> {
  await person.hall.settled();
  const { posts } = await person.hall.topics.posts(groupId, topicId, { from: 0, limit: 20 });
  return posts.map(({ text }) => text);
}

test("a guest asks by a link, both see the same check words, a facilitator admits, and the group opens by itself", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  const link = await ana.link(groupId, { note: "for the depot" });
  const ben = world.stranger("Ben");
  expect(await ben.hall.invites.preview(link)).toMatchObject({
    groupId,
    groupName: "Waste services",
    inviterName: "Ana",
    history: "all",
    mode: "approval",
  });
  await ben.register(link);
  const asked = await ben.join(link, "From the night shift");
  expect(asked).toMatchObject({ kind: "waiting", groupId, groupName: "Waste services", inviterName: "Ana" });
  const [request] = await requestsAt(ana, groupId, 1);
  expect(request).toMatchObject({
    name: "Ben",
    union: "Ben's union",
    note: "From the night shift",
    accountId: ben.accountId,
    checkWords: asked.kind === "waiting" ? asked.checkWords : [],
  });
  expect(request?.checkWords).toHaveLength(4);
  expect((await ana.hall.groups.get(groupId)).openRequests).toBe(1);
  await ana.hall.invites.approve(groupId, request?.requestId ?? "");
  await ben.whenIn(groupId);
  await joiningIs(ben);
  expect(await textsOf(ben, groupId, topicId)).toEqual(["When?"]);
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
  expect((await ana.hall.groups.get(groupId)).openRequests).toBe(0);
  expect(await ana.hall.invites.list(groupId)).toMatchObject([
    { link, uses: 5, usesLeft: 4, state: "open", note: "for the depot", madeBy: { name: "Ana" } },
  ]);
  expect(await ben.hall.invites.list(groupId)).toMatchObject([{ link: null, note: "", madeBy: { name: "Ana" } }]);
  expect(await ben.join(link)).toMatchObject({ kind: "member", groupId });
  await expect(ana.join(link)).rejects.toMatchObject({ problem: "member-already" });
});

test("where newcomers read from joining on, the guest comes in with a new era and reads nothing from before", async () => {
  const { person: ana, groupId } = await world.founder("Ana", "from-joining");
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "before" });
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  await ben.join(link);
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
  expect((await ben.hall.groups.get(groupId)).era).toBe(1);
  await ana.hall.topics.reply(groupId, topicId, "after");
  await ana.hall.settled();
  expect(await textsOf(ben, groupId, topicId)).toEqual(["after"]);
});

test("a guest who was away when admitted, and for two eras after, comes in with nobody else online", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const [ben, chi, dee] = [await world.person("Ben"), await world.person("Chi"), await world.person("Dee")];
  for (const guest of [chi, dee]) await guest.join(link);
  await approveAll(ana, groupId, 2);
  await ben.join(link);
  await ben.hall.close();
  await approveAll(ana, groupId);
  for (const gone of [chi, dee]) await ana.hall.groups.remove(groupId, gone.accountId);
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "two eras later" });
  await ana.hall.settled();
  await ana.hall.close();
  ben.restart();
  await ben.whenIn(groupId);
  expect(await textsOf(ben, groupId, topicId)).toEqual(["two eras later"]);
  expect((await ben.hall.groups.get(groupId)).era).toBe(2);
});

test("a refused guest is told, the request is at no desk any more, and asking again by the link is a new request", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  await ben.join(link, "first");
  const [first] = await requestsAt(ana, groupId, 1);
  await ana.hall.invites.refuse(groupId, first?.requestId ?? "");
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
  expect(await joiningIs(ben, "refused")).toEqual([{ kind: "refused", groupId, groupName: "Waste services" }]);
  await ana.hall.settled();
  await ana.reopen();
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
  await expect(ana.hall.invites.approve(groupId, first?.requestId ?? "")).rejects.toMatchObject({
    problem: "request-unknown",
  });
  expect(await ben.join(link, "second")).toMatchObject({ kind: "waiting" });
  const [second] = await requestsAt(ana, groupId, 1);
  expect(second).toMatchObject({ note: "second" });
  expect(second?.requestId).not.toBe(first?.requestId);
  await ben.hall.invites.cancel(groupId);
  expect(await ben.hall.invites.joining()).toEqual([]);
});

test("who becomes facilitator after an invite was made reads its desk too, and what one has answered the other does not see", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  await ben.join(link);
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
  await ana.hall.groups.setRole(groupId, ben.accountId, "facilitator");
  await ben.until(
    async () => (await ben.hall.groups.get(groupId)).standing,
    (standing) => standing.kind === "member" && standing.role === "facilitator",
  );
  const [chi, dee] = [await world.person("Chi"), await world.person("Dee")];
  await chi.join(link);
  await dee.join(link);
  await requestsAt(ana, groupId, 2);
  const requests = await requestsAt(ben, groupId, 2);
  const ofChi = requests.find(({ name }) => name === "Chi");
  await ben.hall.invites.approve(groupId, ofChi?.requestId ?? "");
  await chi.whenIn(groupId);
  await requestsAt(ana, groupId, 1);
  const [ofDee] = await requestsAt(ben, groupId, 1);
  await ben.hall.invites.refuse(groupId, ofDee?.requestId ?? "");
  await joiningIs(dee, "refused");
  await ben.hall.settled();
  await ana.reopen();
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
});

test("a member sees no requests and can neither invite nor answer", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const [ben, chi] = [await world.person("Ben"), await world.person("Chi")];
  await ben.join(link);
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
  await chi.join(link);
  const [request] = await requestsAt(ana, groupId, 1);
  expect(await ben.hall.invites.requests(groupId)).toEqual([]);
  expect((await ben.hall.groups.get(groupId)).openRequests).toBe(0);
  const [invite] = await ben.hall.invites.list(groupId);
  const refused = { problem: "not-a-facilitator" };
  await expect(ben.invite(groupId)).rejects.toMatchObject(refused);
  await expect(ben.hall.invites.end(groupId, invite?.inviteId ?? "")).rejects.toMatchObject(refused);
  for (const act of ["approve", "refuse"] as const)
    await expect(ben.hall.invites[act](groupId, request?.requestId ?? "")).rejects.toMatchObject(refused);
});

test("the last use ends the invite: who else asked cannot be admitted by it, and is told", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { uses: 1 });
  const [ben, chi, dee] = [await world.person("Ben"), await world.person("Chi"), await world.person("Dee")];
  await ben.join(link);
  await chi.join(link);
  const [first, second] = await requestsAt(ana, groupId, 2);
  await ana.hall.invites.approve(groupId, first?.requestId ?? "");
  await expect(ana.hall.invites.approve(groupId, second?.requestId ?? "")).rejects.toMatchObject({
    problem: "invite-spent",
  });
  expect(await ana.hall.invites.list(groupId)).toMatchObject([{ state: "spent", usesLeft: 0 }]);
  await ana.hall.settled();
  const [admitted, waiting] = (await ben.isIn(groupId)) || first?.name === "Ben" ? [ben, chi] : [chi, ben];
  await admitted.whenIn(groupId);
  await waiting.reopen();
  await joiningIs(waiting, "refused");
  await expect(dee.join(link)).rejects.toMatchObject({ problem: "invite-unknown" });
});

test("who is admitted by the last use between a look for the answer and one for the desk is in, not refused", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const ben = await world.person("Ben");
  await ben.join(await ana.link(groupId, { uses: 1 }));
  await ben.hall.close();
  await approveAll(ana, groupId);
  await ana.hall.settled();
  let looks = 0;
  ben.altered = ({ url }, response) =>
    url.endsWith("/boxes/find") && looks++ === 0 ? { ...response, body: encodeWire(FoundBoxes, []) } : response;
  // Only what it looks for itself.
  const deaf = { open: () => ({ bufferedBytes: 0, send: () => {}, close: () => {} }) };
  ben.restart((platform) => ({ ...platform, sockets: deaf }));
  await ben.until(
    () => ben.hall.invites.joining(),
    ([join]) => join?.kind !== "waiting",
  );
  expect(await ben.hall.invites.joining()).toEqual([]);
  expect(await ben.isIn(groupId)).toBe(true);
});

test("who gave up asking and was admitted by that request after all comes in when asking by another link", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const ben = await world.person("Ben");
  await ben.join(await ana.link(groupId));
  await requestsAt(ana, groupId, 1);
  await ben.hall.invites.cancel(groupId);
  await approveAll(ana, groupId);
  await ana.hall.settled();
  await ben.join(await ana.link(groupId));
  await ben.whenIn(groupId);
  await removesAsFacilitator(ben, ana, groupId);
});

/** Somebody new is admitted, and removed again by who was made facilitator for it: with the steward key that the hall obeys. */
async function removesAsFacilitator(person: Comrade, founder: Comrade, groupId: string): Promise<void> {
  const chi = await world.person("Chi");
  await chi.join(await founder.link(groupId));
  await approveAll(founder, groupId);
  await founder.hall.groups.setRole(groupId, person.accountId, "facilitator");
  await person.hall.settled();
  await person.hall.groups.remove(groupId, chi.accountId);
  expect(await person.hall.groups.members(groupId)).toHaveLength(2);
}

test("of two requests by one link, each from another device and with a steward key of its own, either may be granted", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const ben = await world.person("Ben");
  await ben.join(await ana.link(groupId));
  await requestsAt(ana, groupId, 1);
  await ben.hall.invites.cancel(groupId);
  await approveAll(ana, groupId);
  await ana.hall.settled();
  const { vault, clock, random } = await ben.parts();
  const [asked] = vault.content().pendingJoins.filter((join) => toHex(join.groupId) === groupId);
  if (asked === undefined) throw new TypeError("Ben asked");
  const shown = { groupName: "", inviterName: "", checkWords: [], askedAt: 0, expiry: clock.now() + 86_400_000 };
  const others = { ...asked, ...shown, requestId: random(32), stewardSeed: random(32) };
  await vault.note((content) => withJoin(content, others, clock.now()));
  await ben.whenIn(groupId);
  await removesAsFacilitator(ben, ana, groupId);
});

test("an invite that is ended takes no more guests, and its registrations are over", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const { link, inviteId } = await ana.invite(groupId);
  const ben = await world.person("Ben");
  await ben.join(link ?? "");
  const [request] = await requestsAt(ana, groupId, 1);
  await ana.hall.invites.end(groupId, inviteId);
  await expect(ana.hall.invites.approve(groupId, request?.requestId ?? "")).rejects.toMatchObject({
    problem: "invite-ended",
  });
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
  expect(await ana.hall.invites.list(groupId)).toMatchObject([{ state: "ended" }]);
  await ana.hall.settled();
  await expect(world.stranger("Chi").register(link ?? "")).rejects.toMatchObject({ problem: "invite-unknown" });
  await ana.hall.invites.end(groupId, inviteId);
  await expect(ana.hall.invites.end(groupId, "00".repeat(16))).rejects.toMatchObject({ problem: "invite-unknown" });
});

test("a facilitator's program puts the end of an expired invite into the chain", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { expiresInDays: 1 });
  const ben = await world.person("Ben");
  await ben.join(link);
  await requestsAt(ana, groupId, 1);
  ana.ahead = 86_400_000 + 1;
  expect(await ana.hall.invites.list(groupId)).toMatchObject([{ state: "expired" }]);
  expect(await ana.hall.invites.requests(groupId)).toEqual([]);
  await ana.reopen();
  await ana.hall.session.state();
  ana.ahead += 120_000;
  await ana.until(
    () => ana.hall.groups.chain(groupId),
    (lines) => lines.some(({ acts }) => acts.some(({ kind }) => kind === "end-invite")),
  );
  expect(await ana.hall.invites.list(groupId)).toMatchObject([{ state: "expired" }]);
  ben.ahead = 2 * 86_400_000;
  await ben.reopen();
  await joiningIs(ben, "refused");
});

test("an invite that expired more than a minute ago is ended by a program that is open for a moment only", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  await ana.link(groupId, { expiresInDays: 1 });
  ana.ahead = 86_400_000 + 70_000;
  await ana.reopen();
  await ana.hall.settled();
  const acts = (await ana.hall.groups.chain(groupId)).flatMap(({ acts: done }) => done.map(({ kind }) => kind));
  expect(acts).toContain("end-invite");
});

/** This program fails at every page of the log. Returns how often it did. */
function faultsInLog(person: Comrade): () => number {
  let faults = 0;
  person.altered = ({ url }, response) => {
    if (!url.includes("/log?")) return response;
    faults += 1;
    throw new TypeError("a bug");
  };
  return () => faults;
}

test("a fault of this program while coming in is no refusal: it goes on waiting, and comes in later", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const ben = await world.person("Ben");
  await ben.join(await ana.link(groupId));
  await requestsAt(ana, groupId, 1);
  await ben.hall.close();
  await approveAll(ana, groupId);
  await ana.hall.settled();
  const faults = faultsInLog(ben);
  await ben.reopen();
  await ben.hall.settled().catch(() => {});
  await expect.poll(faults).toBeGreaterThan(0);
  await ben.hall.settled().catch(() => {});
  expect((await ben.hall.invites.joining()).map(({ kind }) => kind)).toEqual(["waiting"]);
  ben.altered = (_, response) => response;
  await ben.whenIn(groupId);
});

test("a fault of this program when the answer comes live ends nothing: it is taken again, and comes in", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const ben = await world.person("Ben");
  await ben.join(await ana.link(groupId));
  await requestsAt(ana, groupId, 1);
  await ben.hall.settled();
  const faults = faultsInLog(ben);
  await approveAll(ana, groupId);
  await expect.poll(faults).toBeGreaterThan(0);
  await ben.hall.settled().catch(() => {});
  ben.altered = (_, response) => response;
  await ben.whenIn(groupId);
});

const failed = {
  status: 500,
  headers: { "content-type": "application/problem+json" },
  body: new TextEncoder().encode(
    JSON.stringify({ type: "about:blank", title: "It failed.", status: 500, code: "internal-error" }),
  ),
};

test("a hall that fails while it is asked has refused nothing: the request goes on waiting, and can be approved", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  ben.altered = ({ url }, response) => (url.endsWith("/items") ? failed : response);
  const asked = await ben.join(link, "kept");
  expect(asked).toMatchObject({ kind: "waiting" });
  ben.altered = (_, response) => response;
  expect(await ben.hall.invites.joining()).toEqual([asked]);
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
});

test("a device that is full when it asks keeps the request, and asks when there is room again", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  await ben.hall.settled();
  let isFull = false;
  await ben.reopen((platform) => fillablePlatform(platform, () => isFull));
  ben.altered = ({ url, method }, response) => {
    if (method === "PUT" && url.endsWith("/vault")) isFull = true;
    return response;
  };
  const asked = await ben.join(link, "kept");
  expect(asked).toMatchObject({ kind: "waiting" });
  isFull = false;
  ben.altered = (_, response) => response;
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
});

test("asked offline, the request is kept and goes out when the hall can be reached again", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  ben.altered = ({ url }, response) => {
    if (url.endsWith("/preview")) ben.goOffline();
    return response;
  };
  const asked = await ben.join(link, "kept");
  expect(asked).toMatchObject({ kind: "waiting" });
  expect(await ben.hall.invites.joining()).toEqual([asked]);
  ben.altered = (_, response) => response;
  await ben.reopen();
  ben.goOnline();
  await ben.reopen();
  expect(await ben.hall.invites.joining()).toEqual([asked]);
  expect(await requestsAt(ana, groupId, 1)).toMatchObject([{ note: "kept" }]);
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
});

test("a guest who lost the device while waiting recovers with the words and comes in on the new one", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  const link = await ana.link(groupId);
  const ben = await world.person("Ben");
  const asked = await ben.join(link);
  await ben.replaceDevice();
  await ben.hall.session.recover({ words: ben.words.join(" "), lock: { kind: "none" } });
  expect(await joiningIs(ben, "waiting")).toEqual([asked]);
  await approveAll(ana, groupId);
  await ben.whenIn(groupId);
  expect(await textsOf(ben, groupId, topicId)).toEqual(["When?"]);
});

test("the link is there again on every device of its maker", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { note: "for the depot" });
  const ben = await world.person("Ben");
  await ben.join(link);
  await approveAll(ana, groupId);
  // What can wait goes into the vault with whatever cannot.
  await ana.found();
  await ana.replaceDevice();
  await ana.hall.session.recover({ words: ana.words.join(" "), lock: { kind: "none" } });
  await ana.whenIn(groupId);
  expect(await ana.hall.invites.list(groupId)).toMatchObject([{ link, note: "for the depot" }]);
});
