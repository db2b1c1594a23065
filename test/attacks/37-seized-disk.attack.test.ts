import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Founded, peopled, World } from "../world.ts";
import { HallProcess } from "../world/hall-process.ts";
import { filesBelow, type Needle, needlesOf, type Place, search } from "../world/search.ts";
import { WorldClock } from "../world/world-clock.ts";

const canary = (word: string): string => `${word}-${randomBytes(6).toString("hex")}`;
const said = {
  title: canary("Warnstreik"),
  text: canary("Torschluss"),
  reply: canary("Gegenrede"),
  draft: canary("Unfertiges"),
  group: canary("Müllabfuhr"),
  description: canary("Beschreibung"),
  note: canary("Nachtschicht"),
};
/** From here somebody asks whose address nobody may find. */
const address = "127.91.83.77";
const control = canary("Kontrollzeile");

let world: World<HallProcess>;
let places: readonly Place[] = [];
let secrets: readonly Needle[] = [];
let identities: readonly Needle[] = [];
let groupIds: readonly Needle[] = [];
let oids = { accounts: "", groups: "" };

/** A day of three people: found, invite, ask, approve, talk, remove, recover, ask from an address, make mistakes. */
beforeAll(async () => {
  const names = [canary("Nomvula"), canary("Bongani"), canary("Chidi")] as const;
  world = await peopled(new World(await HallProcess.start(), new WorldClock()), names);
  const [ana, bongani, chidi] = names.map((name) => world.people.find((person) => person.name === name));
  if (ana === undefined || bongani === undefined || chidi === undefined) throw new TypeError("three people");
  const info = { name: said.group, description: said.description, history: "all", retentionDays: null } as const;
  const { groupId } = await ana.hall.groups.found(info);
  const link = await ana.link(groupId, { uses: 2, note: said.note });
  for (const guest of [bongani, chidi]) {
    await guest.join(link, said.note);
    const [asked] = await ana.until(
      () => ana.hall.invites.requests(groupId),
      ({ length }) => length > 0,
    );
    await ana.hall.invites.approve(groupId, asked?.requestId ?? "");
    await guest.whenIn(groupId);
  }
  const { topicId } = await ana.hall.topics.create(groupId, { title: said.title, text: said.text });
  await world.settle();
  const group: Founded = { groupId, topicId };
  await bongani.post(group, said.reply);
  await bongani.hall.topics.saveDraft(groupId, topicId, said.draft);
  await ana.remove(chidi, group);
  await world.settle();
  await ana.post(group, said.text);
  const again = world.stranger("Again");
  await again.recover(bongani.words);
  await world.settle();
  if ((await again.texts(group)).length !== 3) throw new Error("the day did not go as scripted");
  await askFrom(world.hall, groupId);
  await collect([ana, bongani, chidi], [groupId], link);
}, 300_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
}, 300_000);

async function askFrom({ origin }: HallProcess, groupId: string): Promise<void> {
  const id = Buffer.from(groupId, "hex").toString("base64url");
  for (const path of [`/api/groups/${id}/eras`, `/api/groups/${id}/log`, "/api/nothing", "/%zz", "/"]) {
    await new Promise<void>((resolve, reject) => {
      const { port } = new URL(origin);
      const asked = request({ host: "127.0.0.1", port, path, localAddress: address }, (reply) => {
        reply.resume();
        reply.once("end", resolve);
      });
      asked.once("error", reject);
      asked.end();
    });
  }
}

async function collect(
  people: readonly World["people"][number][],
  ids: readonly string[],
  link: string,
): Promise<void> {
  const { hall } = world;
  const { accounts, groups } = hall.databases();
  await plantControl();
  const asked = sql<{ oid: string }>`select oid::text from pg_database where datname = current_database()`;
  const [inAccounts, inGroups] = [await asked.execute(accounts), await asked.execute(groups)];
  oids = { accounts: inAccounts.rows[0]?.oid ?? "", groups: inGroups.rows[0]?.oid ?? "" };
  // The checkpoint brings the tables to the disk and takes older files of the write-ahead log away: those are read before.
  const log = filesBelow(join(hall.folder, "postgres", "pg_wal"));
  await sql`checkpoint`.execute(groups);
  places = [...log, ...filesBelow(hall.folder), { name: "output", bytes: Buffer.from(hall.output) }];
  const kept: Needle[] = [];
  for (const { account, parts } of await Promise.all(
    people.map(async (person) => ({ account: (await person.parts()).account, parts: person })),
  )) {
    kept.push(...needlesOf(`account of ${parts.name}`, account.accountId));
    kept.push(...needlesOf(`identity of ${parts.name}`, account.identityKey));
    kept.push(...needlesOf(`device of ${parts.name}`, account.device.signing.publicKey));
  }
  identities = kept;
  groupIds = ids.flatMap((id) => needlesOf("group id", Buffer.from(id, "hex")));
  secrets = [
    ...people.flatMap(({ name }) => [...needlesOf("a name", name), ...needlesOf("a union", `${name}'s union`)]),
    ...Object.entries(said).flatMap(([what, text]) => needlesOf(what, text)),
    ...needlesOf("what stands after #", Buffer.from(link.split("#")[1] ?? "", "base64url").subarray(33)),
    ...needlesOf("an address", address),
  ];
}

/** A row beside the hall's own tables, in every form that is searched for; deleted again, as tables remember. */
async function plantControl(): Promise<void> {
  const { groups } = world.hall.databases();
  await sql`create table control_row (form text, as_text text, as_bytes bytea)`.execute(groups);
  // More than once: where a page of the write-ahead log ends in the middle of a row, its header stands between the halves.
  for (const { form, bytes } of Array.from({ length: 3 }, () => needlesOf("control", control)).flat())
    await sql`insert into control_row values (${form}, ${form === "utf-8" ? control : null}, ${bytes})`.execute(groups);
}

test("attack 37: the search looks at tables, the write-ahead log, the database's log and what the hall said", () => {
  const names = places.map(({ name }) => name);
  expect(names.filter((name) => name.includes("/pg_wal/")).length).toBeGreaterThan(0);
  for (const oid of Object.values(oids))
    expect(names.filter((name) => name.includes(`/base/${oid}/`)).length).toBeGreaterThan(20);
  expect(names).toContain("output");
  expect(places.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(20_000_000);
});

test("attack 37: the search finds a control row in each form, in the table and in the write-ahead log", () => {
  const found = search(places, needlesOf("control", control));
  for (const { form } of needlesOf("control", control)) {
    expect(found.some((line) => line.includes(`(${form})`) && line.includes(`/base/${oids.groups}/`))).toBe(true);
    expect(found.some((line) => line.includes(`(${form})`) && line.includes("/pg_wal/"))).toBe(true);
  }
});

test("attack 37: no name, title, text, draft, note, link or address is on the disk or in anything the hall said", () => {
  expect(secrets.length).toBeGreaterThan(100);
  expect(search(places, secrets)).toEqual([]);
});

test("attack 37: nothing says who is in a group: no account in the groups' files, no group in the accounts' files", () => {
  const below = (oid: string): readonly Place[] => places.filter(({ name }) => name.includes(`/base/${oid}/`));
  const talk = places.filter(({ name }) => name === "output" || name.includes(join("postgres", "log")));
  expect(search([...below(oids.groups), ...talk], identities)).toEqual([]);
  expect(search([...below(oids.accounts), ...talk], groupIds)).toEqual([]);
  // The same needles are where they belong.
  expect(search(below(oids.accounts), identities).length).toBeGreaterThanOrEqual(9);
  expect(search(below(oids.groups), groupIds).length).toBeGreaterThan(0);
});
