import { setupLinkText, fromBase64Url } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../../../server/src/testing/test-app.ts";
import { MemoryDevice, memoryPlatform } from "../../platform/memory.ts";
import { createUnionhall } from "../create-unionhall.ts";
import { injectedHttp } from "../testing/injected-http.ts";
import { MortalPlatform } from "../testing/mortal-platform.ts";
import { noEngine } from "../testing/no-engine.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import type { Unionhall } from "../unionhall.ts";
import type { RegisterInput } from "./session-door.ts";

let hall: TestApp;
beforeAll(async () => {
  hall = await createTestApp();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

const inviteLink = `http://localhost:8080/join#${Buffer.concat([Buffer.of(1), Buffer.alloc(48)]).toString("base64url")}`;
const ana = { name: "Ana", union: null, country: null, languages: [] };
const registering = (link: string): RegisterInput => ({
  link,
  profile: ana,
  lock: { kind: "none" },
  wordLanguage: "en",
});
let seed = 1000;

function boot(device: MemoryDevice, tickets: readonly Uint8Array[], crashAt: number): { unionhall: Unionhall } {
  device.reboot();
  const http = injectedHttp(hall.app, hall.origin);
  const platform = memoryPlatform({ origin: hall.origin, device, http, random: seededRandom(++seed) });
  const mortal = new MortalPlatform(platform);
  mortal.dieAt(crashAt);
  return { unionhall: createUnionhall(mortal.platform, noEngine(tickets)) };
}

/** Tries until an attempt is done without dying, dying one step later each time. Returns how many times it died. */
async function dieAtEveryStep(attempt: (crashAt: number) => Promise<string>): Promise<number> {
  for (let crashAt = 0; ; crashAt++) if ((await attempt(crashAt)) === "done") return crashAt;
}

/** "done", or the name of what it died of. */
async function outcome(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.name : "unknown"),
  );
}

async function countAccounts(): Promise<number> {
  const rows = await hall.databases.accounts.selectFrom("account").select("id").execute();
  return rows.length;
}

async function wayIn(): Promise<{ link: string; tickets: Uint8Array[] }> {
  const admission = await hall.admission();
  if (admission.kind === "ticket") return { link: inviteLink, tickets: [fromBase64Url(admission.ticket)] };
  return { link: setupLinkText({ origin: hall.origin, secret: fromBase64Url(admission.secret) }), tickets: [] };
}

test("a program that dies at any step of registering goes on with the same account and the one ticket it has", async () => {
  let expected = 0;
  const died = await dieAtEveryStep(async (crashAt) => {
    const { link, tickets } = await wayIn();
    const device = new MemoryDevice();
    const first = boot(device, tickets, crashAt);
    const result = await outcome(first.unionhall.session.register(registering(link)));
    expect(["done", "Death"]).toContain(result);
    const second = boot(device, tickets, Number.POSITIVE_INFINITY);
    if ((await second.unionhall.session.state()).kind === "empty")
      await second.unionhall.session.register(registering(link));
    expect(await second.unionhall.session.words(null)).toHaveLength(12);
    expect(await second.unionhall.session.profile()).toEqual(ana);
    await second.unionhall.close();
    expected += 1;
    expect(await countAccounts()).toBe(expected);
    return result;
  });
  expect(died).toBeGreaterThan(20);
}, 240_000);

test("a program that dies at any step of recovering goes on, and the words bring everything back", async () => {
  const died = await dieAtEveryStep(async (crashAt) => {
    const { link, tickets } = await wayIn();
    const before = boot(new MemoryDevice(), tickets, Number.POSITIVE_INFINITY).unionhall;
    const { accountId, words } = await before.session.register(registering(link));
    await before.close();
    const device = new MemoryDevice();
    const first = boot(device, [], crashAt);
    const recover = { words: words.join(" "), lock: { kind: "none" } } as const;
    const result = await outcome(first.unionhall.session.recover(recover));
    expect(["done", "Death"]).toContain(result);
    const second = boot(device, [], Number.POSITIVE_INFINITY);
    if ((await second.unionhall.session.state()).kind !== "open") await second.unionhall.session.recover(recover);
    expect(await second.unionhall.session.state()).toMatchObject({ kind: "open", accountId, profile: ana });
    await second.unionhall.close();
    return result;
  });
  expect(died).toBeGreaterThan(20);
}, 240_000);
