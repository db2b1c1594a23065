import { fromBase64Url } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Platform } from "../platform.ts";
import { SteppingClock } from "../sync/testing/stepping-clock.ts";
import { DeskServer } from "./desk-server.ts";
import { InviteWorld, type Comrade } from "./testing/invite-world.ts";
import { fillablePlatform } from "../testing/fillable-platform.ts";
import { SwallowingNetwork } from "../testing/swallowing-network.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** What of a desk this person opened stands at the hall. */
async function previewsOfDesksOf(person: Comrade): Promise<readonly (Uint8Array | null)[]> {
  const { api, origin } = await person.parts();
  const ids = person.sent.flatMap(({ method, url }) => {
    const id = method === "PUT" ? /\/api\/mailboxes\/([^/]+)$/.exec(url)?.[1] : undefined;
    return id === undefined ? [] : [id];
  });
  return Promise.all(ids.map((id) => new DeskServer(fromBase64Url(id), api, origin).preview()));
}

test("an invite that the chain does not take leaves no desk behind", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const deaf: Platform["sockets"] = {
    open: (_, events) => {
      queueMicrotask(() => events.closed(1006, "cut off"));
      return { bufferedBytes: 0, send: () => {}, close: () => {} };
    },
  };
  await ana.reopen((platform) => ({ ...platform, sockets: deaf }));
  await expect(ana.invite(groupId)).rejects.toMatchObject({ problem: "offline" });
  await expect.poll(() => previewsOfDesksOf(ana)).toEqual([null]);
  expect(await ana.hall.invites.list(groupId)).toEqual([]);
});

test("an invite that failed on a full device is not made later, and leaves no desk behind", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  await ana.hall.settled();
  let isFull = false;
  await ana.reopen((platform) => fillablePlatform(platform, () => isFull));
  await ana.hall.settled();
  ana.altered = ({ url, method }, response) => {
    if (method === "PUT" && url.includes("/api/mailboxes/")) isFull = true;
    return response;
  };
  await expect(ana.invite(groupId)).rejects.toMatchObject({ problem: "storage-full" });
  await expect.poll(() => previewsOfDesksOf(ana)).toEqual([null]);
  isFull = false;
  ana.altered = (_, response) => response;
  await ana.reopen();
  await ana.hall.settled();
  expect(await ana.hall.invites.list(groupId)).toEqual([]);
});

test("an invite of which no word came from the hall goes on, and is there with its link and its desk", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const [clock, network] = [new SteppingClock("when told"), new SwallowingNetwork()];
  await ana.reopen((platform) => network.under({ ...platform, clock }));
  await ana.hall.settled();
  network.isSwallowing = true;
  const making = ana.invite(groupId, { note: "for the depot" });
  const told = making.then(
    () => "made",
    (error: unknown) => (error instanceof Error && "problem" in error ? error.problem : error),
  );
  await expect.poll(() => network.swallowed).toBeGreaterThan(0);
  ana.goOffline();
  await ana.until(
    () => ana.hall.session.state(),
    (state) => state.kind === "open" && state.connection.kind === "offline",
  );
  clock.advance(25_000);
  expect(await told).toBe("timed-out");
  network.isSwallowing = false;
  ana.goOnline();
  clock.advance(120_000);
  const [invite] = await ana.until(
    () => ana.hall.invites.list(groupId),
    ({ length }) => length > 0,
  );
  expect(invite).toMatchObject({ state: "open", note: "for the depot" });
  await ana.hall.settled();
  const { vault } = await ana.parts();
  expect(vault.content().invites.map(({ ended }) => ended)).toEqual([false]);
  expect(await world.stranger("Guest").hall.invites.preview(invite?.link ?? "")).toMatchObject({ groupId });
});
