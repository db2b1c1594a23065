import { afterAll, beforeAll, expect, test } from "vitest";
import { crashingPlatform } from "../testing/crashing-platform.ts";
import { InviteWorld, type Comrade } from "./testing/invite-world.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Steps at which the program dies, of the many that there are: enough to meet each kind, in a bearable time. */
const strideOf = Number(process.env["CRASH_STRIDE"] ?? 23);

/**
 * Reopens somebody's program so that it dies at one step, does `act`, and then, however that ended, opens it once more for good. Goes on, one
 * stride later each time, until the program does not die any more. Returns how often it died.
 */
async function dieOnTheWay(
  prepare: () => Promise<Comrade>,
  act: (person: Comrade) => Promise<unknown>,
  check: (person: Comrade) => Promise<void>,
): Promise<number> {
  for (let died = 0, step = 1; ; died++, step += strideOf) {
    const person = await prepare();
    let crashed = (): boolean => false;
    await person.reopen((platform) => {
      const crashing = crashingPlatform(platform, step);
      crashed = crashing.crashed;
      return crashing.platform;
    });
    await act(person).catch(() => {});
    await person.hall.settled().catch(() => {});
    const hasDied = crashed();
    person.goOffline();
    person.online = true;
    person.restart();
    await check(person);
    if (!hasDied) return died;
  }
}

test("a guest's program that dies at any step of asking goes on with one request, and comes in", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { uses: 500 });
  const died = await dieOnTheWay(
    () => world.person("Ben"),
    (ben) => ben.join(link, "once"),
    async (ben) => {
      await ben.join(link, "once");
      const [request, ...others] = await ana.until(
        () => ana.hall.invites.requests(groupId),
        ({ length }) => length > 0,
      );
      expect(others).toEqual([]);
      expect(request).toMatchObject({ accountId: ben.accountId, note: "once" });
      await ana.hall.invites.approve(groupId, request?.requestId ?? "");
      await ben.whenIn(groupId);
      await ben.hall.close();
    },
  );
  expect(died).toBeGreaterThan(3);
}, 600_000);

test("a guest's program that dies at any step of walking in is in once, with its key in the vault", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { mode: "instant", uses: 50 });
  const before = async (): Promise<number> => (await ana.hall.groups.members(groupId)).length;
  let members = await before();
  const died = await dieOnTheWay(
    () => world.person("Ben"),
    (ben) => ben.join(link),
    async (ben) => {
      expect(await ben.join(link)).toMatchObject({ kind: "member", groupId });
      await ben.replaceDevice();
      await ben.hall.session.recover({ words: ben.words.join(" "), lock: { kind: "none" } });
      await ben.whenIn(groupId);
      await ben.hall.close();
      members += 1;
      await ana.until(before, (count) => count >= members);
      expect(await before()).toBe(members);
    },
  );
  expect(died).toBeGreaterThan(3);
}, 600_000);

test("a facilitator's program that dies at any step of making an invite has it once, and its link works, or not at all", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  let made = 0;
  const died = await dieOnTheWay(
    async () => ana,
    (person) => person.invite(groupId, { note: "the one" }),
    async (person) => {
      await person.hall.settled();
      const list = await person.hall.invites.list(groupId);
      expect(list.length - made).toBeLessThanOrEqual(1);
      if (list.length > made) {
        expect(list[0]).toMatchObject({ note: "the one", state: "open" });
        expect(await world.stranger("Guest").hall.invites.preview(list[0]?.link ?? "")).toMatchObject({ groupId });
      }
      made = list.length;
    },
  );
  expect(made).toBeGreaterThan(0);
  expect(died).toBeGreaterThan(3);
}, 600_000);

test("a facilitator's program that dies at any step of admitting admits once, and clears the desk", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { uses: 500 });
  let ben: Comrade | null = null;
  const died = await dieOnTheWay(
    async () => {
      ben = await world.person("Ben");
      await ben.join(link);
      await ana.until(
        () => ana.hall.invites.requests(groupId),
        ({ length }) => length === 1,
      );
      return ana;
    },
    async (person) => {
      const [request] = await person.hall.invites.requests(groupId);
      await person.hall.invites.approve(groupId, request?.requestId ?? "");
    },
    async (person) => {
      await person.hall.settled();
      for (const { requestId } of await person.hall.invites.requests(groupId))
        await person.hall.invites.approve(groupId, requestId);
      await ben?.whenIn(groupId);
      await ben?.hall.close();
      expect(await person.hall.invites.requests(groupId)).toEqual([]);
      const chain = await person.hall.groups.chain(groupId);
      const admitted = chain.flatMap(({ acts }) =>
        acts.filter((act) => act.kind === "admit" && act.who.accountId === ben?.accountId),
      );
      expect(admitted).toHaveLength(1);
    },
  );
  expect(died).toBeGreaterThan(3);
}, 600_000);
