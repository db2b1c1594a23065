import { setupLinkText, fromBase64Url } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../../../server/src/testing/test-app.ts";
import { MemoryDevice, memoryPlatform } from "../../platform/memory.ts";
import { createUnionhall } from "../create-unionhall.ts";
import type { EngineMaker, EngineParts } from "../engine.ts";
import type { Http, Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import { defineMap } from "../storage/store.ts";
import { injectedHttp } from "../testing/injected-http.ts";
import { noEngine } from "../testing/no-engine.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import type { Unionhall } from "../unionhall.ts";
import type { Lock, RegisterInput } from "./session-door.ts";

let hall: TestApp;
beforeAll(async () => {
  hall = await createTestApp();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const ana = { name: "Ana", union: "PSI", country: null, languages: ["es"] };
const passphrase: Lock = { kind: "passphrase", passphrase: "correct horse" };
let seed = 0;

/** A way in: a setup link where the hall has no account yet, otherwise a ticket that the invite reader of the test finds. */
async function wayIn(): Promise<{ link: string; tickets: Uint8Array[] }> {
  const admission = await hall.admission();
  if (admission.kind === "setup")
    return { link: setupLinkText({ origin: hall.origin, secret: fromBase64Url(admission.secret) }), tickets: [] };
  return { link: inviteLink, tickets: [fromBase64Url(admission.ticket)] };
}
const inviteLink = `http://localhost:8080/join#${Buffer.concat([Buffer.of(1), Buffer.alloc(48)]).toString("base64url")}`;

interface Opened {
  readonly unionhall: Unionhall;
  readonly platform: Platform;
}

function open(
  device: MemoryDevice,
  tickets: readonly Uint8Array[] = [],
  http: Http = injectedHttp(hall.app, hall.origin),
): Opened {
  const platform = memoryPlatform({ origin: hall.origin, device, http, random: seededRandom(++seed) });
  return { unionhall: createUnionhall(platform, noEngine(tickets)), platform };
}

function input(link: string, lock: Lock = { kind: "none" }): RegisterInput {
  return { link, profile: ana, lock, wordLanguage: "en" };
}

test("somebody registers, closes, and is there again; the words go once they were asked back", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const first = open(device, tickets).unionhall;
  expect(await first.session.state()).toEqual({ kind: "empty" });
  await expect(first.groups.list()).rejects.toMatchObject({ problem: "no-account" });
  const { accountId, words } = await first.session.register(input(link));
  expect(words).toHaveLength(12);
  expect(await first.session.words(null)).toEqual(words);
  await expect(first.session.register(input(link))).rejects.toMatchObject({ problem: "account-exists" });
  await first.close();

  const again = open(device).unionhall;
  expect(await again.session.state()).toMatchObject({
    kind: "open",
    accountId,
    profile: ana,
    lock: "none",
    wordsUnconfirmed: true,
  });
  await again.session.confirmWords();
  expect(await again.session.state()).toMatchObject({ wordsUnconfirmed: false });
  await expect(again.session.words(null)).rejects.toMatchObject({ problem: "words-not-here" });
  await expect(again.session.lock()).rejects.toMatchObject({ problem: "words-not-here" });
  await again.close();
});

test("a device with a passphrase opens with it, and with nothing else; a locked one gives nothing away", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const first = open(device, tickets).unionhall;
  await expect(first.session.register(input(link, { kind: "passphrase", passphrase: "short" }))).rejects.toMatchObject({
    problem: "passphrase-too-short",
  });
  const { words } = await first.session.register(input(link, passphrase));
  await first.session.lock();
  expect(await first.session.state()).toEqual({ kind: "locked" });
  await expect(first.session.profile()).rejects.toMatchObject({ problem: "locked" });
  await first.close();

  const again = open(device).unionhall;
  expect(await again.session.state()).toEqual({ kind: "locked" });
  await expect(again.session.unlock("another horse")).rejects.toMatchObject({ problem: "wrong-passphrase" });
  await again.session.unlock("correct horse");
  expect(await again.session.profile()).toEqual(ana);
  await expect(again.session.words("another horse")).rejects.toMatchObject({ problem: "wrong-passphrase" });
  expect(await again.session.words("correct horse")).toEqual(words);
  await again.close();
});

test("12 words bring the account back on an empty device, with its profile and settings", async () => {
  const { link, tickets } = await wayIn();
  const old = open(new MemoryDevice(), tickets).unionhall;
  const { accountId, words } = await old.session.register(input(link));
  await old.session.setProfile({ ...ana, name: "Ana María" });
  await old.session.setSettings({ theme: "dark" });
  await old.close();

  const device = new MemoryDevice();
  const fresh = open(device).unionhall;
  await expect(fresh.session.recover({ words: "one two", lock: { kind: "none" } })).rejects.toMatchObject({
    problem: "words-wrong",
  });
  expect(await fresh.session.recover({ words: words.join("  "), lock: passphrase })).toEqual({ accountId, groups: [] });
  // What was noted and not yet written to the hall stays on the device that noted it.
  expect(await fresh.session.profile()).toMatchObject({ union: "PSI" });
  expect(await fresh.session.words("correct horse")).toEqual(words);
  await fresh.session.setSettings({ theme: "light" });
  expect(await fresh.session.settings()).toEqual({ language: null, theme: "light" });
  await fresh.close();
});

test("words of an account that the hall does not know bring nothing", async () => {
  const words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
  const { unionhall } = open(new MemoryDevice());
  await expect(unionhall.session.recover({ words, lock: { kind: "none" } })).rejects.toMatchObject({
    problem: "no-account",
  });
  await unionhall.close();
});

test("typed words are told apart on the device: too few, misspelt at a place, all known but mixed, right", async () => {
  const noNetwork: Http = { send: () => Promise.reject(new Error("the network was asked")) };
  const { unionhall } = open(new MemoryDevice(), [], noNetwork);
  const right = "legal winner thank year wave sausage worth useful legal winner thank yellow";
  const verdict = (words: string) => unionhall.session.checkWords(words);
  expect(await verdict(right)).toEqual({ kind: "good" });
  expect(await verdict("legal winner")).toEqual({ kind: "count", count: 2 });
  expect(await verdict(right.replace("yellow", "yelow"))).toEqual({ kind: "unknown", places: [11] });
  expect(await verdict(right.replace("yellow", "year"))).toEqual({ kind: "mixed" });
  await unionhall.close();
});

test("a locked device learns whose account 12 words open, and is locked as before", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const { unionhall } = open(device, tickets);
  const { accountId, words } = await unionhall.session.register(input(link, passphrase));
  await unionhall.session.lock();
  expect(await unionhall.session.accountOfWords(words.join(" "))).toEqual({ accountId, name: "Ana" });
  const others = "legal winner thank year wave sausage worth useful legal winner thank yellow";
  await expect(unionhall.session.accountOfWords(others)).rejects.toMatchObject({ problem: "no-account" });
  await expect(unionhall.session.accountOfWords("one two")).rejects.toMatchObject({ problem: "words-wrong" });
  expect(await unionhall.session.state()).toEqual({ kind: "locked" });
  await unionhall.session.unlock("correct horse");
  expect(await unionhall.session.profile()).toEqual(ana);
  await unionhall.close();
});

test("a link that was used, is damaged or leads elsewhere makes no account", async () => {
  const { link, tickets } = await wayIn();
  const used = open(new MemoryDevice(), tickets).unionhall;
  await used.session.register(input(link));
  await used.close();
  const { unionhall } = open(new MemoryDevice(), tickets);
  await expect(unionhall.session.register(input(link))).rejects.toMatchObject({ problem: "invite-spent" });
  const setup = setupLinkText({ origin: hall.origin, secret: new Uint8Array(32) });
  await expect(unionhall.session.register(input(setup))).rejects.toMatchObject({ problem: "setup-link-used" });
  await expect(unionhall.session.register(input(link.slice(0, -3)))).rejects.toMatchObject({
    problem: "link-malformed",
  });
  const elsewhere = link.replace("http://localhost:8080", "https://other.example");
  await expect(unionhall.session.register(input(elsewhere))).rejects.toMatchObject({ problem: "link-other-hall" });
  expect(await unionhall.session.state()).toEqual({ kind: "empty" });
  await unionhall.close();
});

test("signing out leaves nothing on the device; the account stays", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const { unionhall } = open(device, tickets);
  const { words } = await unionhall.session.register(input(link));
  expect(device.entries.length).toBeGreaterThan(0);
  await unionhall.session.signOut();
  expect(await unionhall.session.state()).toEqual({ kind: "empty" });
  expect(device.entries).toEqual([]);
  expect(device.keys.slot).toEqual({ kind: "empty" });
  await unionhall.session.recover({ words: words.join(" "), lock: { kind: "none" } });
  expect(await unionhall.session.state()).toMatchObject({ kind: "open" });
  await unionhall.close();
});

test("storage that was thrown away is said, and never becomes a new identity", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const first = open(device, tickets).unionhall;
  const { words } = await first.session.register(input(link));
  await first.close();
  device.entries.length = 0;
  const { unionhall } = open(device);
  expect(await unionhall.session.state()).toEqual({ kind: "evicted" });
  await expect(unionhall.session.register(input(link))).rejects.toMatchObject({ problem: "storage-evicted" });
  await unionhall.session.recover({ words: words.join(" "), lock: { kind: "none" } });
  expect(await unionhall.session.state()).toMatchObject({ kind: "open" });
  await unionhall.close();
});

/** An engine that fails to open as long as it is told to, with the parts it was given each time. */
function failingEngine(): { maker: EngineMaker; given: EngineParts[]; fails: boolean } {
  const engine = { given: new Array<EngineParts>(), fails: true };
  const maker: EngineMaker = {
    ...noEngine(),
    open: async (parts) => {
      engine.given.push(parts);
      if (engine.fails) throw new HallError("storage-full", "this device has no room left");
      return noEngine().open(parts);
    },
  };
  return Object.assign(engine, { maker });
}

test("an opening that fails ends what it began and lets go of the storage, and can be tried again", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const first = open(device, tickets);
  await first.unionhall.session.register(input(link, passphrase));
  await first.unionhall.close();
  const engine = failingEngine();
  const unionhall = createUnionhall(first.platform, engine.maker);
  await expect(unionhall.session.unlock("correct horse")).rejects.toMatchObject({ problem: "storage-full" });
  const [begun] = engine.given;
  expect(begun?.stop.stopped).toBe(true);
  const notes = defineMap<string>({ name: "test/notes", version: 1 });
  await expect(begun?.store.map(notes).put("a", "b")).rejects.toMatchObject({ problem: "locked" });
  engine.fails = false;
  await unionhall.session.unlock("correct horse");
  expect(await unionhall.session.profile()).toEqual(ana);
  await unionhall.close();
});

test("a device without a lock whose account cannot be opened can be let go of, and signed out of", async () => {
  const device = new MemoryDevice();
  const { link, tickets } = await wayIn();
  const first = open(device, tickets);
  const { words } = await first.unionhall.session.register(input(link));
  await first.unionhall.close();
  const engine = failingEngine();
  const refused = { problem: "storage-full" };
  const closed = createUnionhall(first.platform, engine.maker);
  await expect(closed.session.state()).rejects.toMatchObject(refused);
  await closed.close();
  const { session, ...unionhall } = createUnionhall(first.platform, engine.maker);
  await expect(session.state()).rejects.toMatchObject(refused);
  await expect(session.profile()).rejects.toMatchObject(refused);
  await session.signOut();
  expect(await session.state()).toEqual({ kind: "empty" });
  expect(device.entries).toEqual([]);
  engine.fails = false;
  await session.recover({ words: words.join(" "), lock: { kind: "none" } });
  expect(await session.state()).toMatchObject({ kind: "open" });
  await unionhall.close();
});

test("a second program on the same device waits until the first lets go", async () => {
  const device = new MemoryDevice();
  const first = open(device).unionhall;
  expect(await first.session.state()).toEqual({ kind: "empty" });
  const second = open(device).unionhall;
  const state = second.session.state();
  const order: string[] = [];
  void state.then(() => order.push("second"));
  await first.settled();
  order.push("first closes");
  await first.close();
  await state;
  expect(order).toEqual(["first closes", "second"]);
  await second.close();
});
