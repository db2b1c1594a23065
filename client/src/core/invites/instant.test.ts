import { afterAll, beforeAll, expect, test } from "vitest";
import { Unreachable } from "../platform.ts";
import { InviteWorld, type Comrade } from "./testing/invite-world.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const instant = { mode: "instant", expiresInDays: 2 } as const;

async function textsOf(person: Comrade, groupId: string, topicId: string): Promise<readonly string[]> {
  await person.hall.settled();
  const { posts } = await person.hall.topics.posts(groupId, topicId, { from: 0, limit: 20 });
  return posts.map(({ text }) => text);
}

test("by an instant invite a stranger registers, walks in and writes while nobody else is online", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const { topicId } = await ana.hall.topics.create(groupId, { title: "Strike", text: "When?" });
  const link = await ana.link(groupId, instant);
  await ana.hall.settled();
  await ana.hall.close();
  const ben = world.stranger("Ben");
  expect(await ben.hall.invites.preview(link)).toMatchObject({ mode: "instant", groupName: "Waste services" });
  await ben.register(link);
  expect(await ben.join(link)).toMatchObject({ kind: "member", groupId });
  expect(await ben.hall.invites.joining()).toEqual([]);
  expect(await textsOf(ben, groupId, topicId)).toEqual(["When?"]);
  await ben.hall.topics.reply(groupId, topicId, "On Monday");
  await ben.hall.settled();
  expect(await ben.join(link)).toMatchObject({ kind: "member", groupId });
  ana.restart();
  expect(await textsOf(ana, groupId, topicId)).toEqual(["When?", "On Monday"]);
  expect(await ana.hall.groups.members(groupId)).toMatchObject([
    { profile: { name: "Ana" }, role: "facilitator" },
    { profile: { name: "Ben" }, role: "member" },
  ]);
  expect(await ana.hall.invites.list(groupId)).toMatchObject([{ mode: "instant", usesLeft: 4, state: "open" }]);
});

test("several walk in at once, and as many as the invite has uses", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { ...instant, uses: 2 });
  const guests = await Promise.all(["Ben", "Chi", "Dee"].map((name) => world.person(name)));
  const outcomes = await Promise.allSettled(guests.map((guest) => guest.join(link)));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "fulfilled", "rejected"]);
  const refused = guests[outcomes.findIndex(({ status }) => status === "rejected")];
  expect(await refused?.hall.groups.list()).toEqual([]);
  await ana.until(
    () => ana.hall.invites.list(groupId),
    ([invite]) => invite?.state === "spent",
  );
  expect(await ana.hall.groups.members(groupId)).toHaveLength(3);
});

test("once it is spent, an instant invite says so as long as its box opens, and opens nothing of later eras", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { ...instant, uses: 1 });
  const [ben, chi] = [await world.person("Ben"), await world.person("Chi")];
  await ana.hall.close();
  await ben.join(link);
  await expect(chi.join(link)).rejects.toMatchObject({ problem: "invite-spent" });
  expect(await chi.hall.groups.list()).toEqual([]);
  expect(await chi.hall.invites.joining()).toEqual([]);
});

test("an instant invite that was ended by hand opens nothing: the keys have changed with it", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const { link, inviteId } = await ana.invite(groupId, instant);
  const ben = await world.person("Ben");
  ben.altered = ({ url }, response) => {
    // The hall helps whoever has the link: it goes on showing the preview.
    if (url.endsWith("/preview")) ben.altered = (again, other) => (again.url === url ? response : other);
    return response;
  };
  await ben.hall.invites.preview(link ?? "");
  await ana.hall.invites.end(groupId, inviteId);
  await ana.hall.settled();
  expect((await ana.hall.groups.get(groupId)).era).toBe(1);
  await expect(ben.join(link ?? "")).rejects.toMatchObject({ problem: "invite-ended" });
  const chi = await world.person("Chi");
  await expect(chi.join(link ?? "")).rejects.toMatchObject({ problem: "invite-unknown" });
});

test("after its expiry nobody walks in, whatever the hall shows", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { ...instant, expiresInDays: 1 });
  const ben = await world.person("Ben");
  ben.ahead = 86_400_000;
  await expect(ben.join(link)).rejects.toMatchObject({ problem: "invite-expired" });
  expect(await ben.hall.groups.list()).toEqual([]);
});

test("who was removed cannot walk in again by any instant invite; asking is possible", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const ben = await world.person("Ben");
  await ben.join(await ana.link(groupId, instant));
  await ana.hall.settled();
  await ana.hall.groups.remove(groupId, ben.accountId);
  await ben.until(
    () => ben.hall.groups.list(),
    ([group]) => group?.standing.kind === "removed",
  );
  const again = await ana.link(groupId, instant);
  await ana.hall.settled();
  await expect(ben.join(again)).rejects.toMatchObject({ problem: "invite-ended" });
  expect(await ana.hall.groups.members(groupId)).toHaveLength(1);
  const asking = await ana.link(groupId);
  expect(await ben.join(asking)).toMatchObject({ kind: "waiting" });
  const [request] = await ana.until(
    () => ana.hall.invites.requests(groupId),
    ({ length }) => length === 1,
  );
  await ana.hall.invites.approve(groupId, request?.requestId ?? "");
  await ben.whenIn(groupId);
  expect(await ana.hall.groups.members(groupId)).toHaveLength(2);
});

test("who left of their own accord may walk in again", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, instant);
  const ben = await world.person("Ben");
  await ben.join(link);
  await ben.hall.settled();
  await ben.hall.groups.leave(groupId);
  await ana.until(
    () => ana.hall.groups.members(groupId),
    ({ length }) => length === 1,
  );
  const again = await ana.link(groupId, instant);
  expect(await ben.join(again)).toMatchObject({ kind: "member", groupId });
  expect(await ben.isIn(groupId)).toBe(true);
});

test("a group that shows newcomers nothing from before makes no instant invites", async () => {
  const { person: ana, groupId } = await world.founder("Ana", "from-joining");
  await expect(ana.invite(groupId, instant)).rejects.toMatchObject({ problem: "number-out-of-range" });
  expect(await ana.hall.invites.list(groupId)).toEqual([]);
});

test("what one device began, another device of the account neither ends nor breaks off", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { mode: "instant" });
  const ben = await world.person("Ben");
  ben.altered = (request, response) => {
    if (new URL(request.url).pathname.endsWith("/eras")) throw new Unreachable("in the tunnel");
    return response;
  };
  await expect(ben.join(link)).rejects.toMatchObject({ problem: "offline" });
  const tablet = world.stranger("Ben");
  await tablet.hall.session.recover({ words: ben.words.join(" "), lock: { kind: "none" } });
  await tablet.hall.settled();
  expect(await tablet.hall.groups.list()).toEqual([]);
  // Writes the vault, with whatever the tablet noted.
  await tablet.found();
  await ben.reopen();
  const newest = (await tablet.parts()).vault.version();
  await ben.until(
    async () => (await ben.parts()).vault.version(),
    (version) => version >= newest,
  );
  ben.altered = (_, response) => response;
  await ben.reopen();
  await ben.whenIn(groupId);
  expect(await ben.hall.invites.joining()).toEqual([]);
});
