import {
  accountOf,
  boxRecipients,
  eraKeysOf,
  equalBytes,
  labelFor,
  makeBox,
  newestEra,
  toHex,
  type HandedOn,
} from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HttpRequest, Platform } from "../platform.ts";
import { fillablePlatform } from "../testing/fillable-platform.ts";
import { chainRequests } from "./chain-request-store.ts";
import { Chores } from "./chores.ts";
import { GroupServer } from "./group-server.ts";
import { handedOnItems } from "./handed-on-store.ts";
import { OpenGroups } from "./open-groups.ts";
import { listeningHall, type ListeningHall, type Person } from "./testing/listening-hall.ts";
import { SteppingClock } from "./testing/stepping-clock.ts";

let hall: ListeningHall;
beforeAll(async () => {
  hall = await listeningHall();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const day = 86_400_000;

async function settle(...people: Person[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const person of people) await person.hall.settled();
}

/** Ana, who facilitates, and Ben, who hands things on. */
async function twoPeople() {
  const clock = new SteppingClock();
  const [ana, ben] = [await hall.person("Ana", clock), await hall.person("Ben", clock)];
  const rules = { history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found({ name: "Waste services", description: "", ...rules });
  await ben.comeIn(ana, groupId);
  await settle(ana, ben);
  const handOn = async (handedOn: HandedOn): Promise<void> => {
    await (await ben.group(groupId)).write({ kind: "statement", handedOn });
    await settle(ben);
  };
  return { ana, ben, groupId, clock, handOn };
}

/** The box of the newest era for this person, as it must be. */
async function boxOf(
  person: Person,
  groupId: string,
): Promise<{ readonly label: Uint8Array; readonly box: Uint8Array }> {
  const { state, newest, groupId: id } = await person.group(groupId);
  const { account } = await person.parts();
  const era = newestEra(state);
  if (era === null || newest === null) throw new TypeError("the group has an era");
  const keys = eraKeysOf(newest.era, newest.eraKey);
  const recipient = boxRecipients(state, era).find(
    (one) => one.kind === "account" && equalBytes(one.identityKey, account.identityKey),
  );
  const right = recipient === undefined ? null : makeBox(id, keys, recipient);
  if (recipient === undefined || right === null) throw new TypeError("whoever is in has a box");
  expect(right.label).toEqual(labelFor(id, keys, recipient));
  return right;
}

test("a box of junk that is handed on gets no facilitator's signature, and the right one does", async () => {
  const { ana, ben, groupId, handOn } = await twoPeople();
  const { label, box } = await boxOf(ben, groupId);
  const [{ newest }, { api, clock }] = [await ben.group(groupId), await ben.parts()];
  const server = new GroupServer((await ben.group(groupId)).groupId, api, hall.origin);
  const token = newest === null ? null : await server.token(eraKeysOf(newest.era, newest.eraKey), clock.now());
  if (token === null) throw new TypeError("Ben has the pass");
  await hall.app.databases.groups.deleteFrom("group_box").where("label", "=", Buffer.from(label)).execute();
  const junk = (fill: number): Uint8Array => new Uint8Array(box.length).fill(fill);
  const crowd = [1, 2, 3].map((fill) => ({ label, box: junk(fill), command: null }));
  expect(await server.addBoxes(token.token, { era: 0, boxes: crowd })).toMatchObject({ added: 3 });
  await handOn({ kind: "box", era: 0, label, bytes: junk(4) });
  await settle(ana);
  const there = async (): Promise<readonly Uint8Array[]> => (await server.boxes([label])).map((found) => found.box);
  expect(await there()).toEqual([junk(1), junk(2), junk(3)]);
  await handOn({ kind: "box", era: 0, label, bytes: box });
  await settle(ana);
  expect(await there()).toEqual([junk(1), junk(2), junk(3), box]);
  const { store } = await ana.parts();
  expect(await store.map(handedOnItems, server.groupId).entries()).toEqual([]);
});

/** A hall that refuses every box, and counts how often boxes were compared. */
function refusingBoxes(platform: Platform): { readonly platform: Platform; compared(): number } {
  let compared = 0;
  const refuses = ({ method, url }: HttpRequest): boolean => method === "POST" && url.endsWith("/boxes");
  const refusal = { type: "about:blank", title: "no", status: 400, code: "malformed-request", detail: "no" };
  return {
    compared: () => compared,
    platform: {
      ...platform,
      http: {
        send: async (request) => {
          if (request.url.endsWith("/boxes/find")) compared += 1;
          if (!refuses(request)) return platform.http.send(request);
          const body = new TextEncoder().encode(JSON.stringify(refusal));
          return { status: 400, headers: { "content-type": "application/problem+json" }, body };
        },
      },
    },
  };
}

test("what a member hands on and the hall refuses stops no facilitator's chores", async () => {
  const { ana, ben, groupId, clock, handOn } = await twoPeople();
  const { label, box } = await boxOf(ben, groupId);
  await ana.hall.close();
  await handOn({ kind: "box", era: 0, label, bytes: new Uint8Array(3_000).fill(7) });
  await handOn({ kind: "box", era: 0, label, bytes: box });
  let compared = (): number => 0;
  await ana.reopen((platform) => {
    const refusing = refusingBoxes(platform);
    compared = refusing.compared;
    return refusing.platform;
  });
  await settle(ana);
  expect(compared()).toBeGreaterThan(0);
  const { store } = await ana.parts();
  expect(await store.map(handedOnItems, (await ana.group(groupId)).groupId).entries()).toEqual([]);
  clock.advance(8 * day);
  await settle(ana);
  expect((await ana.hall.groups.get(groupId)).era).toBe(1);
});

test("what was handed on waits for the connection, however long, and each statement for itself", async () => {
  const { ana, ben, groupId } = await twoPeople();
  const group = await ana.openGroup(groupId);
  const { identityKey } = (await ben.parts()).account;
  const [first, second] = [...group.state.accounts.values()].flatMap(({ statements }) => statements);
  if (first === undefined || second === undefined) throw new TypeError("each account has a statement");
  // Nothing goes out any more.
  await group.stop();
  for (const statement of [first, second, first])
    await group.proposals.wish([{ kind: "account-update", identityKey, statements: [statement] }]);
  await group.proposals.giveUpUnsent();
  const waiting = await group.held.store.map(chainRequests, group.groupId).entries();
  const payloads = waiting.flatMap(({ value }) =>
    value.acts.flatMap((act) => (act.kind === "account-update" ? act.statements.map(({ payload }) => payload) : [])),
  );
  // What is stored under hidden names comes in any order.
  expect(payloads.map(toHex).toSorted()).toEqual([first, second].map(({ payload }) => toHex(payload)).toSorted());
});

/** A facilitator with statements that wait to be placed, on a device on which nothing can be put as long as `isFull` says so. */
async function waitingOnFullDevice(isFull: () => boolean, ...ids: readonly string[]) {
  const { ana, ben, groupId } = await twoPeople();
  let isWatched = false;
  await ana.reopen((platform) => fillablePlatform(platform, () => isWatched && isFull()));
  await settle(ana);
  const [parts, groups, group] = [await ana.parts(), await ana.groups(), await ana.openGroup(groupId)];
  if (!(groups instanceof OpenGroups)) throw new TypeError("this program keeps groups in another way");
  const { identityKey } = (await ben.parts()).account;
  const [statement] = accountOf(group.state, identityKey)?.statements ?? [];
  if (statement === undefined) throw new TypeError("Ben's account has a statement");
  const waiting = parts.store.map(handedOnItems, group.groupId);
  for (const id of ids) await waiting.put(id, { kind: "account", statement });
  isWatched = true;
  const chores = new Chores(parts, groups);
  return async (): Promise<number> => {
    chores.begin(groupId);
    await chores.settled();
    return (await waiting.entries()).length;
  };
}

test("what was handed on to a facilitator whose device is full is kept until there is room", async () => {
  let isFull = true;
  const leftAfterChores = await waitingOnFullDevice(() => isFull, "one");
  expect(await leftAfterChores()).toBe(1);
  isFull = false;
  expect(await leftAfterChores()).toBe(0);
});

test("what was handed on and cannot be placed yet holds up nothing that was handed on after it", async () => {
  let refusals = 1;
  const leftAfterChores = await waitingOnFullDevice(() => refusals-- > 0, "one", "two");
  expect(await leftAfterChores()).toBe(1);
  expect(await leftAfterChores()).toBe(0);
});
