import { fromBase64Url, setupLinkText, type VaultContent, type VaultGroup } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestApp, type TestApp } from "../../../../server/src/testing/test-app.ts";
import { MemoryDevice, memoryPlatform } from "../../platform/memory.ts";
import { createUnionhall } from "../create-unionhall.ts";
import type { EngineMaker, EngineParts } from "../engine.ts";
import { Unreachable, type Http, type HttpRequest, type HttpResponse } from "../platform.ts";
import { injectedHttp } from "../testing/injected-http.ts";
import { noEngine } from "../testing/no-engine.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import type { Unionhall } from "../unionhall.ts";

let hall: TestApp;
beforeAll(async () => {
  hall = await createTestApp();
});
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
});

let seed = 2000;
const none = { kind: "none" } as const;
const inviteLink = `http://localhost:8080/join#${Buffer.concat([Buffer.of(1), Buffer.alloc(48)]).toString("base64url")}`;

/** A network that a test can bend: what goes to the vault's address passes through `bend`. */
class BentHttp implements Http {
  readonly #http = injectedHttp(hall.app, hall.origin);
  bend: (request: HttpRequest, send: () => Promise<HttpResponse>) => Promise<HttpResponse> = (_, send) => send();

  send(request: HttpRequest): Promise<HttpResponse> {
    const send = (): Promise<HttpResponse> => this.#http.send(request);
    return request.url.endsWith("/api/account/vault") ? this.bend(request, send) : send();
  }
}

interface Opened {
  readonly unionhall: Unionhall;
  readonly http: BentHttp;
  readonly parts: () => EngineParts;
}

function open(device = new MemoryDevice(), tickets: readonly Uint8Array[] = []): Opened {
  let given: EngineParts | null = null;
  const inner = noEngine(tickets);
  const maker: EngineMaker = {
    readInvite: (parts, link) => inner.readInvite(parts, link),
    open: (parts) => {
      given = parts;
      return inner.open(parts);
    },
  };
  const http = new BentHttp();
  const platform = memoryPlatform({ origin: hall.origin, device, http, random: seededRandom(++seed) });
  return {
    unionhall: createUnionhall(platform, maker),
    http,
    parts: () => {
      if (given === null) throw new Error("the account is not open");
      return given;
    },
  };
}

async function registered(): Promise<Opened & { readonly words: string; readonly device: MemoryDevice }> {
  const admission = await hall.admission();
  const isSetup = admission.kind === "setup";
  const device = new MemoryDevice();
  const opened = open(device, isSetup ? [] : [fromBase64Url(admission.ticket)]);
  const link = isSetup ? setupLinkText({ origin: hall.origin, secret: fromBase64Url(admission.secret) }) : inviteLink;
  const profile = { name: "Ana", union: null, country: null, languages: [] };
  const { words } = await opened.unionhall.session.register({ link, profile, lock: none, wordLanguage: "en" });
  return { ...opened, words: words.join(" "), device };
}

async function recovered(words: string): Promise<Opened> {
  hall.advance(1000);
  const opened = open();
  await opened.unionhall.session.recover({ words, lock: none });
  return opened;
}

function group(number: number, era = 0): VaultGroup {
  return {
    groupId: new Uint8Array(32).fill(number),
    kind: "working-group",
    era,
    eraKey: new Uint8Array(32).fill(100 + era),
    stewardSeed: new Uint8Array(32).fill(7),
    standing: "member",
    continuedBy: null,
    changed: 1,
    extra: [],
  };
}

function withGroup(added: VaultGroup): (content: VaultContent) => VaultContent {
  const key = added.groupId.join();
  return (content) => ({
    ...content,
    groups: [...content.groups.filter(({ groupId }) => groupId.join() !== key), added],
  });
}

const numbersIn = (content: VaultContent): readonly number[] =>
  content.groups.map(({ groupId }) => groupId[0] ?? 0).toSorted((a, b) => a - b);

test("two devices that write at once both find everything in the vault afterwards", async () => {
  const first = await registered();
  const second = await recovered(first.words);
  const vaults = [first.parts().vault, second.parts().vault] as const;
  await Promise.all([vaults[0].update(withGroup(group(1))), vaults[1].update(withGroup(group(2)))]);
  await Promise.all([vaults[0].update(withGroup(group(3))), vaults[1].update(withGroup(group(1, 5)))]);
  const third = await recovered(first.words);
  expect(numbersIn(third.parts().vault.content())).toEqual([1, 2, 3]);
  expect(
    third
      .parts()
      .vault.content()
      .groups.find(({ groupId }) => groupId[0] === 1)?.era,
  ).toBe(5);
  expect(third.parts().account.state().devices.size).toBe(3);
  expect(
    third
      .parts()
      .account.boxKeys()
      .map(({ generation }) => generation),
  ).toEqual([0, 1, 2]);
  for (const { unionhall } of [first, second, third]) {
    expect(await unionhall.session.state()).toMatchObject({ vaultTrouble: null });
    await unionhall.close();
  }
});

test("a look out of turn brings what another device wrote, and is taken once a minute", async () => {
  const first = await registered();
  const second = await recovered(first.words);
  const [vault, other] = [first.parts().vault, second.parts().vault];
  await vault.update((content) => content);
  let asked = 0;
  first.http.bend = (request, send) => {
    if (request.method === "GET") asked++;
    return send();
  };
  await other.update(withGroup(group(1)));
  await Promise.all([vault.lookAgain(), vault.lookAgain()]);
  expect(numbersIn(vault.content())).toEqual([1]);
  await other.update(withGroup(group(2)));
  await vault.lookAgain();
  expect(numbersIn(vault.content())).toEqual([1]);
  expect(asked).toBe(1);
  const now = Date.now();
  using later = vi.spyOn(Date, "now").mockReturnValue(now + 60_000);
  first.http.bend = () => Promise.reject(new Unreachable());
  await vault.lookAgain();
  expect(numbersIn(vault.content())).toEqual([1]);
  later.mockReturnValue(now + 120_000);
  first.http.bend = (_, send) => send();
  await vault.lookAgain();
  expect(numbersIn(vault.content())).toEqual([1, 2]);
  await first.unionhall.close();
  await second.unionhall.close();
});

test("changes asked for at the same time go into one vault", async () => {
  const { unionhall, parts } = await registered();
  const { vault } = parts();
  const before = vault.version();
  await Promise.all([1, 2, 3, 4].map((number) => vault.update(withGroup(group(number)))));
  expect(numbersIn(vault.content())).toEqual([1, 2, 3, 4]);
  expect(vault.version() - before).toBeLessThanOrEqual(2);
  await unionhall.close();
});

test("an update that did not reach the hall changes nothing; asked again, it is done, also if only the answer was lost", async () => {
  const { unionhall, parts, http, words } = await registered();
  const { vault } = parts();
  http.bend = async () => {
    throw new Unreachable("no network");
  };
  await expect(vault.update(withGroup(group(1)))).rejects.toMatchObject({ problem: "offline" });
  expect(numbersIn(vault.content())).toEqual([]);
  let lost = false;
  http.bend = async (request, send) => {
    const response = await send();
    if (request.method !== "PUT" || lost) return response;
    lost = true;
    throw new Unreachable("the answer was lost");
  };
  await expect(vault.update(withGroup(group(2)))).rejects.toMatchObject({ problem: "offline" });
  await vault.update(withGroup(group(2)));
  await unionhall.close();
  const elsewhere = await recovered(words);
  expect(numbersIn(elsewhere.parts().vault.content())).toEqual([2]);
  await elsewhere.unionhall.close();
});

test("14: an older vault is not taken, is said, and is replaced by what this device knows", async () => {
  const { unionhall, device, words } = await registered();
  await unionhall.close();
  const again = open(device);
  const given: HttpResponse[] = [];
  again.http.bend = async (request, send) => {
    const response = await send();
    if (request.method === "GET") given.push(response);
    return response;
  };
  await again.unionhall.session.state();
  await again.parts().vault.update(withGroup(group(1)));
  // The first look at the vault after opening is given out again, two vaults later.
  await expect.poll(() => given.length).toBeGreaterThan(0);
  const [remembered] = given;
  if (remembered === undefined) throw new Error("the vault was not read");
  await again.parts().vault.update(withGroup(group(2)));
  await again.unionhall.close();

  const third = open(device);
  third.http.bend = async (request, send) => (request.method === "GET" ? remembered : send());
  await third.unionhall.session.state();
  const { vault } = third.parts();
  await expect.poll(() => third.unionhall.session.state()).toMatchObject({ vaultTrouble: { kind: "old" } });
  expect(numbersIn(vault.content())).toEqual([1, 2]);
  third.http.bend = (_, send) => send();
  await vault.update(withGroup(group(3)));
  await third.unionhall.close();
  const elsewhere = await recovered(words);
  expect(numbersIn(elsewhere.parts().vault.content())).toEqual([1, 2, 3]);
  await elsewhere.unionhall.close();
});

const json = (body: unknown): HttpResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

test.each([1, 2])(
  "14: a hall that keeps another line of vaults for another device is found out by the %d. of them, and both are merged",
  async (length) => {
    const { unionhall, device, words } = await registered();
    await unionhall.close();
    const other = await recovered(words);
    const tag = Buffer.alloc(16, 7).toString("base64url");
    let vault: string | undefined;
    other.http.bend = async (request, send) => {
      if (request.method !== "PUT") return send();
      vault = /"vault":"([^"]+)"/.exec(new TextDecoder().decode(request.body ?? undefined))?.[1];
      return json({ tag });
    };
    const before = other.parts().vault.version();
    for (let number = 1; number <= length; number++) await other.parts().vault.update(withGroup(group(number)));
    await other.unionhall.close();

    const own = open(device);
    await own.unionhall.session.state();
    await own.parts().vault.update(withGroup(group(9)));
    expect(own.parts().vault.version()).toBe(before + 1);
    expect(await own.unionhall.session.state()).toMatchObject({ vaultTrouble: null });
    await own.unionhall.close();

    const again = open(device);
    again.http.bend = async (request, send) => (request.method === "GET" ? json({ vault, tag }) : send());
    await expect.poll(() => again.unionhall.session.state()).toMatchObject({ vaultTrouble: { kind: "old" } });
    expect(numbersIn(again.parts().vault.content())).toEqual([1, 2].slice(0, length).concat(9));
    again.http.bend = (_, send) => send();
    await again.unionhall.close();
  },
);

test("14: a vault of another account, cut short or changed in any byte is refused and said, also at recovery", async () => {
  const { unionhall, words } = await registered();
  await unionhall.close();
  const other = await registered();
  let otherVault = "";
  other.http.bend = async (request, send) => {
    if (request.method === "PUT") otherVault = vaultIn(request.body);
    return send();
  };
  await other.parts().vault.update((content) => content);
  await other.unionhall.close();
  const bends: readonly ((vault: string) => string)[] = [
    () => otherVault,
    (vault) => vault.slice(0, 1000),
    ...[10, 200, 2000, 3000].map((at) => (vault: string) => flipped(vault, at)),
  ];
  for (const bend of bends) {
    const opened = open();
    opened.http.bend = async (request, send) => {
      const response = await send();
      if (request.method !== "GET") return response;
      const text = new TextDecoder().decode(response.body);
      const vault = vaultIn(response.body);
      return { ...response, body: new TextEncoder().encode(text.replace(vault, bend(vault))) };
    };
    await expect(opened.unionhall.session.recover({ words, lock: none })).rejects.toMatchObject({
      problem: "server-lies",
    });
    expect(await opened.unionhall.session.state()).toEqual({ kind: "empty" });
    await opened.unionhall.close();
  }
});

/** The `vault` member of a JSON body. */
function vaultIn(body: Uint8Array | null): string {
  return /"vault":"([^"]*)"/.exec(new TextDecoder().decode(body ?? new Uint8Array()))?.[1] ?? "";
}

function flipped(base64url: string, at: number): string {
  const bytes = Buffer.from(base64url, "base64url");
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString("base64url");
}
