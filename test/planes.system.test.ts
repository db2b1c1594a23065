import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld } from "./world.ts";
import { needlesOf, type Place, search } from "./world/search.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "bongani">>>;

/** A day of two people and a new phone. */
beforeAll(async () => {
  world = await createWorld({ people: ["ana", "bongani"] });
  const { ana, bongani } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani] });
  await world.settle();
  await bongani.post(group, "a post");
  const guest = await world.person("carla");
  await guest.join(await ana.link(group.groupId, { mode: "instant", uses: 3 }));
  await world.settle();
  await ana.remove(guest, group);
  const again = world.stranger("bongani's new phone");
  await again.recover(bongani.words);
  await world.settle();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const isOfGroups = (url: string): boolean => /^\/api\/(groups|mailboxes)(\/|$)/.test(new URL(url).pathname);

const requests = () =>
  world.people.flatMap(({ name, between }) => between.sent.map((request) => ({ name, ...request })));

test("what a device says about groups and desks carries no session, and what it says about its account no token of a group", () => {
  const schemes = Map.groupBy(requests(), ({ url }) => (isOfGroups(url) ? "groups" : "account"));
  const used = (plane: "groups" | "account"): ReadonlySet<string> =>
    new Set((schemes.get(plane) ?? []).map(({ headers }) => headers["authorization"]?.split(" ")[0] ?? "none"));
  expect(schemes.get("groups")?.length).toBeGreaterThan(40);
  expect(schemes.get("account")?.length).toBeGreaterThan(20);
  expect([...used("account")].toSorted()).toEqual(["Bearer", "none"]);
  expect([...used("groups")].toSorted()).toEqual(["Group", "Mailbox", "none"]);
  // Nor does a session stand anywhere else in what goes to the group plane.
  const sessions = new Set(
    (schemes.get("account") ?? []).flatMap(({ headers }) => headers["authorization"]?.split(" ").slice(1) ?? []),
  );
  expect(sessions.size).toBeGreaterThanOrEqual(4);
  const told: readonly Place[] = [
    ...(schemes.get("groups") ?? []).map(({ url, headers, body }) => ({
      name: url,
      bytes: Buffer.concat([Buffer.from(url + JSON.stringify(headers)), body ?? new Uint8Array()]),
    })),
    ...world.people.flatMap(({ between }) =>
      [...between.frames, ...between.socketAddresses].map((frame) => ({ name: "live", bytes: Buffer.from(frame) })),
    ),
  ];
  const needles = [...sessions].flatMap((token) => needlesOf("session", Buffer.from(token, "base64url")));
  expect(search(told, needles)).toEqual([]);
});

test("the box keys of an account are told to nobody but its groups: no request and no table holds one", async () => {
  const needles: ReturnType<typeof needlesOf>[number][] = [];
  for (const person of world.people.filter(({ isOpen }) => isOpen)) {
    const { account } = await person.parts();
    for (const { box, label } of account.boxKeys()) {
      needles.push(...needlesOf(`box key of ${person.name}`, box.publicKey.subarray(0, 64)));
      needles.push(...needlesOf(`label key of ${person.name}`, label.publicKey));
    }
  }
  expect(needles.length).toBeGreaterThan(50);
  const { accounts, groups } = world.hall.app.databases;
  const tables: Place[] = [];
  for (const db of [accounts, groups]) {
    const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = 'public'`.execute(db);
    for (const { name } of rows) {
      const found = await sql<{
        row: string;
      }>`select row_to_json(one)::text as row from ${sql.table(name)} one`.execute(db);
      tables.push({ name, bytes: Buffer.from(found.rows.map(({ row }) => row).join("\n")) });
    }
  }
  const said = requests().map(({ url, body }) => ({ name: url, bytes: Buffer.from(body ?? []) }));
  const frames = world.people.flatMap(({ between }) =>
    between.frames.map((frame) => ({ name: "live", bytes: Buffer.from(frame) })),
  );
  expect(search([...tables, ...said, ...frames], needles)).toEqual([]);
  // The same search finds an identity key where it belongs.
  const { account } = await world.ana.parts();
  expect(search(tables, needlesOf("identity", account.identityKey))).toContain("identity (hex) in account");
});
