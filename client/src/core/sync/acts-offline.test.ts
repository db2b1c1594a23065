import { afterAll, beforeAll, expect, test } from "vitest";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";
import { SteppingClock } from "./testing/stepping-clock.ts";
import { SwallowingNetwork } from "../testing/swallowing-network.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

/** Ana facilitates a group that Ben and Chi are in; from now on nothing that she sends arrives. */
async function facilitating(): Promise<{
  readonly ana: Person;
  readonly ben: Person;
  readonly chi: Person;
  readonly clock: SteppingClock;
  readonly network: SwallowingNetwork;
  readonly groupId: string;
}> {
  const clock = new SteppingClock("when told");
  const ana = await hall.person("Ana", clock);
  const [ben, chi] = [await hall.person("Ben"), await hall.person("Chi")];
  const rules = { history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  for (const one of [ben, chi]) await one.comeIn(ana, groupId);
  await ana.hall.settled();
  const network = new SwallowingNetwork();
  await ana.reopen((platform) => network.under(platform));
  await ana.hall.settled();
  network.isSwallowing = true;
  return { ana, ben, chi, clock, network, groupId };
}

/** Seen at once as a failure where it is none, and never as one that nobody handles. */
function outcomeOf(act: Promise<void>): { readonly now: () => string } {
  let outcome = "waits";
  act.then(
    () => (outcome = "done"),
    (error: unknown) => (outcome = error instanceof Error && "problem" in error ? String(error.problem) : "fault"),
  );
  return { now: () => outcome };
}

test("when the connection goes, an act that was not sent is given up, and one that may have been goes on by itself", async () => {
  const { ana, ben, chi, clock, network, groupId } = await facilitating();
  const removal = outcomeOf(ana.hall.groups.remove(groupId, ben.accountId));
  await expect.poll(() => network.swallowed).toBeGreaterThan(0);
  const promotion = outcomeOf(ana.hall.groups.setRole(groupId, chi.accountId, "facilitator"));
  await ana.hall.groups.get(groupId);
  ana.goOffline();
  await expect.poll(promotion.now).toBe("offline");
  expect(removal.now()).toBe("waits");
  clock.advance(25_000);
  await expect.poll(removal.now).toBe("timed-out");
  network.isSwallowing = false;
  ana.goOnline();
  clock.advance(60_000);
  await ana.until(async () => (await ana.hall.groups.members(groupId)).length === 2);
  await ana.hall.settled();
  expect(await ana.hall.groups.members(groupId)).toMatchObject([
    { profile: { name: "Ana" }, role: "facilitator" },
    { profile: { name: "Chi" }, role: "member" },
  ]);
});

test("an act whose word comes late, but soon after the connection is back, was done", async () => {
  const { ana, ben, clock, network, groupId } = await facilitating();
  const removal = outcomeOf(ana.hall.groups.remove(groupId, ben.accountId));
  await expect.poll(() => network.swallowed).toBeGreaterThan(0);
  ana.goOffline();
  await ana.until(async () => {
    const state = await ana.hall.session.state();
    return state.kind === "open" && state.connection.kind === "offline";
  });
  network.isSwallowing = false;
  ana.goOnline();
  clock.advance(5_000);
  await expect.poll(removal.now).toBe("done");
});

test("whoever closes the program is not kept waiting by an act, and it goes on at the next start", async () => {
  const { ana, ben, network, groupId } = await facilitating();
  const removal = outcomeOf(ana.hall.groups.remove(groupId, ben.accountId));
  await expect.poll(() => network.swallowed).toBeGreaterThan(0);
  await ana.hall.close();
  expect(removal.now()).toBe("locked");
  await ana.reopen();
  await ana.until(async () => (await ana.hall.groups.members(groupId)).length === 2);
});
