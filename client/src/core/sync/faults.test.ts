import { toHex } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../api/api.ts";
import { StorageFull, type Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import type { Store } from "../storage/store.ts";
import { fillablePlatform } from "../testing/fillable-platform.ts";
import { chainState, groups } from "./group-store.ts";
import { OpenGroups } from "./open-groups.ts";
import { listeningHall, type ListeningHall } from "./testing/listening-hall.ts";
import { SteppingClock } from "./testing/stepping-clock.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

/** A device whose storage fails from its next but one write on, until it is mended. */
class FailingStorage {
  readonly #error: Error;
  #left = Number.POSITIVE_INFINITY;

  constructor(error: Error) {
    this.#error = error;
  }

  failSoon(): void {
    this.#left = 1;
  }

  mend(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  under(platform: Platform): Platform {
    const { storage } = platform;
    return {
      ...platform,
      storage: {
        read: (key) => storage.read(key),
        readMany: (keys) => storage.readMany(keys),
        range: (range) => storage.range(range),
        erase: () => storage.erase(),
        close: () => storage.close(),
        write: async (changes) => {
          if (this.#left-- <= 0) throw this.#error;
          return storage.write(changes);
        },
      },
    };
  }
}

/** Ben comes into Ana's group while this happens to what his device stores: what he is told, and how it goes on. */
async function comesInWhile(what: Error): Promise<unknown> {
  const clock = new SteppingClock();
  const [ana, ben] = [await hall.person("Ana"), await hall.person("Ben", clock)];
  const rules = { history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ana.hall.settled();
  const storage = new FailingStorage(what);
  await ben.reopen((platform) => storage.under(platform));
  await ben.hall.settled();
  storage.failSoon();
  const [told] = await Promise.allSettled([ben.comeIn(ana, groupId)]);
  storage.mend();
  clock.advance(60_000);
  await ben.until(async () => (await ben.hall.groups.list()).some(({ standing }) => standing.kind === "member"));
  // The first coming to rest says what went wrong on the way.
  await Promise.allSettled([ben.hall.settled()]);
  return told.status === "rejected" ? told.reason : null;
}

test("a fault of the program is told as one, and the group goes on", async () => {
  expect(await comesInWhile(new TypeError("a bug"))).toMatchObject({ problem: "program-fault" });
});

test("a device without room is told as that, and the group goes on when there is some", async () => {
  expect(await comesInWhile(new StorageFull("no room"))).toMatchObject({ problem: "storage-full" });
});

test("an account opens on a device without room, and what had no room comes with the next start", async () => {
  const ana = await hall.person("Ana");
  const rules = { history: "all", retentionDays: null } as const;
  const [one, other] = [
    await ana.hall.groups.found({ name: "Waste services", description: "", ...rules }),
    await ana.hall.groups.found({ name: "Depot", description: "", ...rules }),
  ];
  const { topicId } = await ana.hall.topics.create(one.groupId, { title: "Strike", text: "When?" });
  await ana.hall.settled();
  ana.goOffline();
  await ana.hall.topics.reply(one.groupId, topicId, "Never sent");
  const { store } = await ana.parts();
  const stored = await store.map(groups).get(one.groupId);
  if (stored === null) throw new TypeError("the group is stored");
  // This device has heard of both from the vault, and has not stored yet what follows from it.
  await store.map(groups).put(one.groupId, { ...stored, standing: { kind: "left" } });
  await store.map(groups).delete(other.groupId);
  let isFull = true;
  await ana.reopen((platform) => fillablePlatform(platform, () => isFull));
  expect(await ana.hall.session.state()).toMatchObject({ kind: "open" });
  const names = async (): Promise<readonly string[]> =>
    (await ana.hall.groups.list()).map(({ groupId }) => groupId).toSorted();
  expect(await names()).toEqual([one.groupId]);
  isFull = false;
  await ana.reopen();
  expect(await names()).toEqual([one.groupId, other.groupId].toSorted());
  const { posts } = await ana.hall.topics.posts(one.groupId, topicId, { from: 0, limit: 9 });
  expect(posts.at(-1)).toMatchObject({ text: "Never sent", state: { kind: "failed" } });
  ana.goOnline();
});

test("where a group cannot be loaded, none is followed", async () => {
  const ana = await hall.person("Ana");
  const rules = { history: "all", retentionDays: null } as const;
  for (const name of ["Waste services", "Canteen"]) await ana.hall.groups.found({ name, description: "", ...rules });
  await ana.hall.settled();
  const parts = await ana.parts();
  const all = await parts.store.map(groups).entries();
  const last = all.at(-1)?.id;
  const damaged: Store = {
    transaction: (work) => parts.store.transaction(work),
    list: (kind, scope) => parts.store.list(kind, scope),
    map: (kind, scope) => {
      if (kind.name === chainState.name && scope instanceof Uint8Array && toHex(scope) === last)
        throw new TypeError("damaged");
      return parts.store.map(kind, scope);
    },
  };
  const called: unknown[] = [];
  const api: Api = {
    call: async (endpoint) => {
      called.push(endpoint);
      throw new HallError("offline", "the hall cannot be reached");
    },
  };
  await expect(OpenGroups.load({ ...parts, api, store: damaged })).rejects.toThrow("damaged");
  expect(called).toEqual([]);
});
