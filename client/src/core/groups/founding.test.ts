import { afterAll, beforeAll, expect, test } from "vitest";
import { Unreachable, type HttpRequest, type Platform } from "../platform.ts";
import { listeningHall, type ListeningHall, type Person } from "../sync/testing/listening-hall.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const wish = { name: "Waste services", description: "", history: "all", retentionDays: null } as const;

/** A network that is lost with the reply to the request that makes a group, and stays away until it is mended. */
class LosingNetwork {
  isLost = false;
  isWell = false;

  under(platform: Platform): Platform {
    const send = async (request: HttpRequest) => {
      if (this.isLost) throw new Unreachable("cut off");
      const reply = await platform.http.send(request);
      if (this.isWell || request.method !== "PUT" || !request.url.includes("/api/groups/")) return reply;
      this.isLost = true;
      throw new Unreachable("cut off");
    };
    return { ...platform, http: { send } };
  }

  mend(): void {
    this.isLost = false;
    this.isWell = true;
  }
}

async function founder(): Promise<{ readonly ana: Person; readonly network: LosingNetwork }> {
  const ana = await hall.person("Ana");
  await ana.hall.settled();
  const network = new LosingNetwork();
  await ana.reopen((platform) => network.under(platform));
  await ana.hall.settled();
  return { ana, network };
}

const namesOf = async ({ hall: { groups } }: Person): Promise<readonly string[]> =>
  (await groups.list()).map(({ name }) => name);

test("a founding that the network broke off goes on by itself, and is there once", async () => {
  const { ana, network } = await founder();
  await expect(ana.hall.groups.found(wish)).rejects.toMatchObject({ problem: "offline" });
  network.mend();
  await expect.poll(() => namesOf(ana), { timeout: 15_000 }).toEqual([wish.name]);
  await ana.hall.settled();
  const { groupId } = await ana.hall.groups.found(wish);
  expect((await ana.hall.groups.list()).map((group) => group.groupId)).toEqual([groupId]);
  await ana.hall.groups.found(wish);
  expect(await namesOf(ana)).toEqual([wish.name, wish.name]);
});

test("who wishes for the same group again while it is being founded gets that one", async () => {
  const { ana, network } = await founder();
  await expect(ana.hall.groups.found(wish)).rejects.toMatchObject({ problem: "offline" });
  network.mend();
  const [first, second, other] = await Promise.all([
    ana.hall.groups.found(wish),
    ana.hall.groups.found(wish),
    ana.hall.groups.found({ ...wish, name: "Canteen" }),
  ]);
  expect(second).toEqual(first);
  expect(other).not.toEqual(first);
  await ana.hall.settled();
  expect(await namesOf(ana)).toEqual(["Canteen", wish.name]);
});
