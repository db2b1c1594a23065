import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { CommandLineHome } from "./world/command-line.ts";
import { HallProcess } from "./world/hall-process.ts";
import { filesBelow, needlesOf, type Place, search } from "./world/search.ts";

const canary = (word: string): string => `${word}-${randomBytes(6).toString("hex")}`;
const said = {
  ana: canary("Nomvula"),
  bongani: canary("Bongani"),
  union: canary("Gewerkschaft"),
  group: canary("Müllabfuhr"),
  note: canary("Nachtschicht"),
  title: canary("Warnstreik"),
  opening: canary("Torschluss"),
  reply: canary("Gegenrede"),
  later: canary("Danach"),
  answer: canary("Erst recht"),
  passphrase: canary("Losung"),
};

const textsIn = (document: unknown): unknown => expectPosts(document).map(({ text, status }) => [text, status]);

function expectPosts(document: unknown): readonly { readonly text: string; readonly status: string }[] {
  expect(document).toMatchObject({ title: said.title, posts: expect.any(Array) });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just looked at; each post is compared below
  return (document as { readonly posts: readonly { readonly text: string; readonly status: string }[] }).posts;
}

function fieldOf(document: unknown, name: string): string {
  const value: unknown = typeof document === "object" && document !== null ? Reflect.get(document, name) : undefined;
  if (typeof value !== "string") throw new TypeError(`the document has no ${name}`);
  return value;
}

test("two homes go on after the hall was stopped and started, and nothing they said is on its disk or in what it said", async () => {
  await using hall = await HallProcess.start();
  using ana = new CommandLineHome(said.passphrase);
  using bongani = new CommandLineHome(null);

  await ana.run("register", hall.setupLink, "--name", said.ana, "--union", said.union);
  const groupId = fieldOf(await ana.run("found", said.group), "groupId");
  const link = fieldOf(await ana.run("invite", said.group, "--uses", "2"), "link");
  const asking = ["join", link, "--name", said.bongani, "--note", said.note];
  const asked = await bongani.run(...asking);
  expect(asked).toMatchObject({ groupId, status: "waiting" });
  const { requests } = await requestsOf(ana);
  expect(requests).toMatchObject([{ name: said.bongani, note: said.note, checkWords: fieldOf(asked, "checkWords") }]);
  await ana.run("approve", said.group, fieldOf(requests[0], "requestId"));
  expect(await bongani.run(...asking)).toMatchObject({ groupId, status: "member" });
  await ana.run("topic", said.group, said.title, "--text", said.opening);
  await bongani.run("post", said.group, said.title, "--text", said.reply);

  expect(await hall.stop()).toBe(0);
  const beforeStart = hall.output.length;
  await hall.start();
  // There is an account: nobody is offered to make the first one.
  expect(hall.output.slice(beforeStart)).not.toContain("setup#");

  await bongani.run("post", said.group, said.title, "--text", said.later);
  expect(await ana.run("post", said.group, said.title, "--text", said.answer)).toMatchObject({ status: "sent" });
  const all = [said.opening, said.reply, said.later, said.answer].map((text) => [text, "sent"]);
  for (const home of [ana, bongani]) expect(textsIn(await home.run("read", said.group, said.title))).toEqual(all);

  const secrets = [
    ...Object.entries(said).flatMap(([what, text]) => needlesOf(what, text)),
    ...needlesOf("what stands after #", Buffer.from(link.split("#")[1] ?? "", "base64url").subarray(33)),
    ...needlesOf("recovery phrase", fieldOf(asked, "words")),
  ];
  await sql`checkpoint`.execute(hall.databases().groups);
  expect(await hall.stop()).toBe(0);
  const places: readonly Place[] = [...filesBelow(hall.folder), { name: "output", bytes: Buffer.from(hall.output) }];
  expect(places.filter(({ name }) => name.includes("/pg_wal/")).length).toBeGreaterThan(0);
  expect(places.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(20_000_000);
  expect(search(places, secrets)).toEqual([]);
  // The same search finds what the hall does hold, and what the homes print.
  expect(search(places, needlesOf("group id", Buffer.from(groupId, "hex"))).length).toBeGreaterThan(0);
  expect(search([{ name: "printed", bytes: Buffer.from(JSON.stringify(all)) }], secrets).length).toBeGreaterThan(3);
  // At rest a home is sealed, with a passphrase or without; and what goes wrong or is said beside results holds nothing either.
  for (const { folder, said: beside } of [ana, bongani]) {
    const kept = [...filesBelow(folder), { name: "standard error", bytes: Buffer.from(beside) }];
    expect(kept.length).toBeGreaterThan(1);
    expect(search(kept, secrets)).toEqual([]);
  }
}, 300_000);

async function requestsOf(home: CommandLineHome): Promise<{ readonly requests: readonly unknown[] }> {
  const document = await home.run("requests", said.group);
  expect(document).toMatchObject({ requests: [{ requestId: expect.any(String) }] });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just looked at
  return document as { readonly requests: readonly unknown[] };
}
