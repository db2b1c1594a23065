import { fromBase64Url, setupLinkText } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../../../server/src/testing/test-app.ts";
import { MemoryDevice, memoryPlatform } from "../../platform/memory.ts";
import { createUnionhall } from "../create-unionhall.ts";
import { Unreachable, type Http } from "../platform.ts";
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

const first: Lock = { kind: "passphrase", passphrase: "correct horse" };
const second: Lock = { kind: "passphrase", passphrase: "another horse" };
const noLock: Lock = { kind: "none" };
const inviteLink = `http://localhost:8080/join#${Buffer.concat([Buffer.of(1), Buffer.alloc(48)]).toString("base64url")}`;
let seed = 5000;

async function wayIn(): Promise<{ link: string; tickets: Uint8Array[] }> {
  const admission = await hall.admission();
  if (admission.kind === "ticket") return { link: inviteLink, tickets: [fromBase64Url(admission.ticket)] };
  return { link: setupLinkText({ origin: hall.origin, secret: fromBase64Url(admission.secret) }), tickets: [] };
}

function open(device: MemoryDevice, tickets: readonly Uint8Array[], losing: RegExp | null = null): Unionhall {
  const real = injectedHttp(hall.app, hall.origin);
  const http: Http = {
    send: (request) =>
      losing?.test(request.url) ? Promise.reject(new Unreachable("the line is cut")) : real.send(request),
  };
  const platform = memoryPlatform({ origin: hall.origin, device, http, random: seededRandom(++seed) });
  return createUnionhall(platform, noEngine(tickets));
}

function input(link: string, lock: Lock): RegisterInput {
  return { link, profile: { name: "Ana", union: null, country: null, languages: [] }, lock, wordLanguage: "en" };
}

/** A device on which an account was begun behind `lock`, and the line failed. */
async function begunDevice({ link, tickets }: Awaited<ReturnType<typeof wayIn>>, lock: Lock): Promise<MemoryDevice> {
  const device = new MemoryDevice();
  const unionhall = open(device, tickets, /./);
  await expect(unionhall.session.register(input(link, lock))).rejects.toMatchObject({ problem: "offline" });
  await unionhall.close();
  return device;
}

test("a registration begun under one passphrase goes on with that one; under another it says so and is begun anew after signing out", async () => {
  const way = await wayIn();
  const device = await begunDevice(way, first);
  const unionhall = open(device, way.tickets);
  for (const lock of [second, noLock])
    await expect(unionhall.session.register(input(way.link, lock))).rejects.toMatchObject({ problem: "account-begun" });
  await unionhall.session.signOut();
  await unionhall.session.register(input(way.link, second));
  await unionhall.session.lock();
  await unionhall.session.unlock("another horse");
  await unionhall.close();

  const other = await wayIn();
  const resumed = open(await begunDevice(other, first), other.tickets);
  await expect(resumed.session.register(input(other.link, second))).rejects.toMatchObject({ problem: "account-begun" });
  expect((await resumed.session.register(input(other.link, first))).words).toHaveLength(12);
  await resumed.close();
});

test("a recovery goes on under any passphrase, whatever was begun here under another one", async () => {
  const way = await wayIn();
  const before = open(new MemoryDevice(), way.tickets);
  const { accountId, words } = await before.session.register(input(way.link, noLock));
  await before.close();
  const recover = (unionhall: Unionhall, lock: Lock) => unionhall.session.recover({ words: words.join(" "), lock });

  const device = new MemoryDevice();
  const cut = open(device, [], /statements/);
  await expect(recover(cut, first)).rejects.toMatchObject({ problem: "offline" });
  await cut.close();
  const again = open(device, []);
  expect(await recover(again, second)).toMatchObject({ accountId });
  await again.session.lock();
  await again.session.unlock("another horse");
  await again.close();

  const registering = open(await begunDevice(await wayIn(), first), []);
  expect(await recover(registering, noLock)).toMatchObject({ accountId });
  await registering.close();
});
