import { afterAll, beforeAll, expect, test } from "vitest";
import { MortalPlatform } from "../testing/mortal-platform.ts";
import { InviteWorld, type Comrade } from "./testing/invite-world.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Every step would take an hour; `CRASH_EVERY=1` takes them all. */
const every = Number(process.env["CRASH_EVERY"] ?? 37);

/**
 * Reopens somebody's program and lets it do `act` until it dies at a step, then opens it again for good and looks. Goes on, so many steps later
 * each time, until the program does not die any more. Returns how often it died.
 */
async function dieOnTheWay(
  prepare: () => Promise<Comrade>,
  act: (person: Comrade) => Promise<unknown>,
  check: (person: Comrade) => Promise<void>,
): Promise<number> {
  for (let died = 0, step = 1; ; died++, step += every) {
    const person = await prepare();
    const mortals: MortalPlatform[] = [];
    await person.reopen((platform) => {
      const mortal = new MortalPlatform(platform);
      mortal.dieAt(step);
      mortals.push(mortal);
      return mortal.platform;
    });
    const [mortal] = mortals;
    if (mortal === undefined) throw new TypeError("the platform was not used");
    const { hall } = person;
    const done = act(person).then(() => hall.settled());
    // What a dead program was asked may never be answered.
    await Promise.race([done.catch(() => {}), mortal.death]);
    const hasDied = mortal.dead;
    mortal.kill();
    person.restart();
    await check(person);
    if (!hasDied) return died;
  }
}

test("a guest's program that dies at any step of asking goes on with one request, and comes in", async () => {
  let [ana, groupId, link] = [world.stranger("Ana"), "", ""];
  const died = await dieOnTheWay(
    async () => {
      ({ person: ana, groupId } = await world.founder("Ana"));
      link = await ana.link(groupId);
      return world.person("Ben");
    },
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
      await Promise.all([ana.hall.close(), ben.hall.close()]);
    },
  );
  expect(died).toBeGreaterThan(3);
}, 600_000);

test("a guest's program that dies at any step of walking in is in once, with its key in the vault", async () => {
  let [ana, groupId, link] = [world.stranger("Ana"), "", ""];
  const died = await dieOnTheWay(
    async () => {
      ({ person: ana, groupId } = await world.founder("Ana"));
      link = await ana.link(groupId, { mode: "instant" });
      return world.person("Ben");
    },
    (ben) => ben.join(link),
    async (ben) => {
      expect(await ben.join(link)).toMatchObject({ kind: "member", groupId });
      await ben.replaceDevice();
      await ben.hall.session.recover({ words: ben.words.join(" "), lock: { kind: "none" } });
      await ben.whenIn(groupId);
      await ana.until(
        () => ana.hall.groups.members(groupId),
        ({ length }) => length === 2,
      );
      expect(await ana.hall.invites.list(groupId)).toMatchObject([{ usesLeft: 4 }]);
      await Promise.all([ana.hall.close(), ben.hall.close()]);
    },
  );
  expect(died).toBeGreaterThan(3);
}, 600_000);

test("a facilitator's program that dies at any step of making an invite has it once, with a link that works, or not at all", async () => {
  let groupId = "";
  let made = 0;
  const died = await dieOnTheWay(
    async () => {
      const founder = await world.founder("Ana");
      groupId = founder.groupId;
      return founder.person;
    },
    (ana) => ana.invite(groupId, { note: "the one" }),
    async (ana) => {
      await ana.hall.settled();
      const list = await ana.hall.invites.list(groupId);
      expect(list.length).toBeLessThanOrEqual(1);
      for (const { link } of list) {
        made += 1;
        expect(list).toMatchObject([{ note: "the one", state: "open" }]);
        expect(await world.stranger("Guest").hall.invites.preview(link ?? "")).toMatchObject({ groupId });
      }
      await ana.hall.close();
    },
  );
  expect(made).toBeGreaterThan(0);
  expect(died).toBeGreaterThan(3);
}, 600_000);

test("a facilitator's program that dies at any step of admitting admits once, and clears the desk", async () => {
  let [ben, groupId] = [world.stranger("Ben"), ""];
  const died = await dieOnTheWay(
    async () => {
      const founder = await world.founder("Ana");
      groupId = founder.groupId;
      ben = await world.person("Ben");
      await ben.join(await founder.person.link(groupId));
      await founder.person.until(
        () => founder.person.hall.invites.requests(groupId),
        ({ length }) => length === 1,
      );
      return founder.person;
    },
    async ({ hall: { invites } }) => {
      const [request] = await invites.requests(groupId);
      await invites.approve(groupId, request?.requestId ?? "");
    },
    async (ana) => {
      await ana.hall.settled();
      for (const { requestId } of await ana.hall.invites.requests(groupId))
        await ana.hall.invites.approve(groupId, requestId);
      await ben.whenIn(groupId);
      expect(await ana.hall.invites.requests(groupId)).toEqual([]);
      const acts = (await ana.hall.groups.chain(groupId)).flatMap((line) => line.acts);
      expect(acts.filter(({ kind }) => kind === "admit")).toMatchObject([{ who: { accountId: ben.accountId } }]);
      await ana.hall.settled();
      await ana.reopen();
      expect(await ana.hall.invites.requests(groupId)).toEqual([]);
      await Promise.all([ana.hall.close(), ben.hall.close()]);
    },
  );
  expect(died).toBeGreaterThan(3);
}, 600_000);
