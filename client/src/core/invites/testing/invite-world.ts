import { fromBase64Url, setupLinkText } from "@unionhall/crypto";
import { createServer } from "node:net";
import { createTestApp, type TestApp } from "../../../../../server/src/testing/test-app.ts";
import { MemoryDevice, memoryPlatform } from "../../../platform/memory.ts";
import { timerClock } from "../../../platform/web/timer-clock.ts";
import { webHttp } from "../../../platform/web/web-http.ts";
import { webSockets } from "../../../platform/web/web-sockets.ts";
import { createUnionhall, type OwnUnionhall } from "../../create-unionhall.ts";
import type { EngineParts } from "../../engine.ts";
import { groupEngine } from "../../groups/engine.ts";
import { Unreachable, type HttpRequest, type HttpResponse, type Platform } from "../../platform.ts";
import type { Groups, LoadedGroup } from "../../sync/loaded-group.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import { openInvites } from "../invites.ts";
import { readInvite } from "../read-invite.ts";
import type { Invite, JoinState, MakeInvite } from "../invites-door.ts";
import { until } from "../../until.ts";

let seed = 50_000;
const usesOfOneLink = 150;

/** A real server that listens, and people with real devices whose engine is the real one. */
export class InviteWorld implements AsyncDisposable {
  readonly app: TestApp;
  readonly origin: string;
  readonly people: Comrade[] = [];
  /** An invite of the first account, good for registering many. */
  #link: Promise<string> | null = null;
  #first: { readonly person: Comrade; readonly groupId: string } | null = null;
  #registered = 0;

  private constructor(app: TestApp, origin: string) {
    this.app = app;
    this.origin = origin;
  }

  static async create(): Promise<InviteWorld> {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const app = await createTestApp({ origin });
    await app.app.listen({ port, host: "127.0.0.1" });
    return new InviteWorld(app, origin);
  }

  /** Somebody with an empty device. */
  stranger(name: string): Comrade {
    const person = new Comrade(this.origin, name);
    this.people.push(person);
    return person;
  }

  /** Somebody with an account, and in no group. */
  async person(name: string): Promise<Comrade> {
    const person = this.stranger(name);
    if (++this.#registered % usesOfOneLink === 0) this.#link = null;
    await person.register(await this.registering());
    return person;
  }

  /** A facilitator with a group. */
  async founder(
    name: string,
    history: "all" | "from-joining" = "all",
  ): Promise<{ readonly person: Comrade; readonly groupId: string }> {
    const person = await this.person(name);
    return { person, groupId: await person.found(history) };
  }

  /** A link by which people register who do not come in by it. */
  registering(): Promise<string> {
    this.#link ??= this.#begin();
    return this.#link;
  }

  async #begin(): Promise<string> {
    this.#first ??= await this.#founder();
    return this.#first.person.link(this.#first.groupId, { uses: 200 });
  }

  async #founder(): Promise<{ readonly person: Comrade; readonly groupId: string }> {
    const admission = await this.app.admission();
    if (admission.kind !== "setup") throw new TypeError("the hall has its first account");
    const first = this.stranger("Operator");
    await first.register(setupLinkText({ origin: this.origin, secret: fromBase64Url(admission.secret) }));
    return { person: first, groupId: await first.found() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.people.map(({ hall }) => hall.close()));
    await this.app[Symbol.asyncDispose]();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new TypeError("there is no port");
  return address.port;
}

/** Somebody with one device, which can be closed, opened again and cut off. */
export class Comrade {
  readonly name: string;
  readonly origin: string;
  device = new MemoryDevice();
  hall: OwnUnionhall;
  online = true;
  /** Milliseconds by which this device's clock is ahead. */
  ahead = 0;
  accountId = "";
  words: readonly string[] = [];
  /** Every HTTP request this device sent. */
  readonly sent: HttpRequest[] = [];
  /** The hall's reply as this device gets it. */
  altered: (request: HttpRequest, response: HttpResponse) => HttpResponse = (_, response) => response;
  readonly #sockets = new Set<() => void>();
  #parts: EngineParts | null = null;
  #groups: Groups | null = null;

  constructor(origin: string, name: string) {
    this.origin = origin;
    this.name = name;
    this.hall = this.#open((same) => same);
  }

  async register(link: string): Promise<void> {
    const profile = { name: this.name, union: `${this.name}'s union`, country: null, languages: ["en"] };
    const made = await this.hall.session.register({ link, profile, lock: { kind: "none" }, wordLanguage: "en" });
    this.accountId = made.accountId;
    this.words = made.words;
    await this.hall.session.confirmWords();
  }

  async found(history: "all" | "from-joining" = "all"): Promise<string> {
    const input = { name: "Waste services", description: "", history, retentionDays: null };
    const { groupId } = await this.hall.groups.found(input);
    await this.hall.settled();
    return groupId;
  }

  /** What the engine works with: for attackers, who use their own program as they like. */
  async parts(): Promise<EngineParts> {
    await this.hall.session.state();
    if (this.#parts === null) throw new TypeError("the account is not open");
    return this.#parts;
  }

  async group(groupId: string): Promise<LoadedGroup> {
    await this.hall.session.state();
    if (this.#groups === null) throw new TypeError("the account is not open");
    return this.#groups.get(groupId);
  }

  async invite(groupId: string, changes: Partial<MakeInvite> = {}): Promise<Invite> {
    return this.hall.invites.make(groupId, { mode: "approval", uses: 5, expiresInDays: 5, note: "", ...changes });
  }

  async link(groupId: string, changes: Partial<MakeInvite> = {}): Promise<string> {
    const { link } = await this.invite(groupId, changes);
    if (link === null) throw new TypeError("its maker has the link");
    return link;
  }

  async join(link: string, note = ""): Promise<JoinState> {
    return this.hall.invites.join(link, { note });
  }

  /** Closes the program and opens it again on the same device. */
  async reopen(platform: (platform: Platform) => Platform = (same) => same): Promise<void> {
    await this.hall.close();
    this.restart(platform);
  }

  /** The program has died without closing; opens it again. */
  restart(platform: (platform: Platform) => Platform = (same) => same): void {
    this.device.reboot();
    this.hall = this.#open(platform);
  }

  /** Loses the device and gets a new one. */
  async replaceDevice(): Promise<void> {
    await this.hall.close();
    this.device = new MemoryDevice();
    this.hall = this.#open((same) => same);
  }

  goOffline(): void {
    this.online = false;
    for (const close of this.#sockets) close();
  }

  goOnline(): void {
    this.online = true;
    this.hall.wake();
  }

  /** Resolves as soon as `holds`, after as many changes as it takes. */
  until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    return until(this.hall, read, holds);
  }

  async isIn(groupId: string): Promise<boolean> {
    const groups = await this.hall.groups.list();
    return groups.some((group) => group.groupId === groupId && group.standing.kind === "member");
  }

  async whenIn(groupId: string): Promise<void> {
    await this.until(() => this.isIn(groupId), Boolean);
  }

  #open(change: (platform: Platform) => Platform): OwnUnionhall {
    const engine = groupEngine({
      readInvite,
      open: async (parts, groups) => {
        this.#parts = parts;
        this.#groups = groups;
        return openInvites(parts, groups);
      },
    });
    return createUnionhall(change(this.#platform()), engine);
  }

  #platform(): Platform {
    const http = webHttp({ origin: this.origin });
    const sockets = webSockets((url) => new WebSocket(url));
    return memoryPlatform({
      origin: this.origin,
      device: this.device,
      random: seededRandom(++seed),
      clock: { now: () => timerClock.now() + this.ahead, sleep: timerClock.sleep.bind(timerClock) },
      http: {
        send: async (request) => {
          if (!this.online) throw new Unreachable("cut off");
          this.sent.push(request);
          return this.altered(request, await http.send(request));
        },
      },
      sockets: {
        open: (url, events) => {
          if (!this.online) {
            queueMicrotask(() => events.closed(1006, "cut off"));
            return { bufferedBytes: 0, send: () => {}, close: () => {} };
          }
          const socket = sockets.open(url, events);
          this.#sockets.add(() => socket.close());
          return socket;
        },
      },
    });
  }
}
