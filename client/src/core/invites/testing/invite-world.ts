import { setupLinkText, fromBase64Url } from "@unionhall/crypto";
import { MemoryDevice, memoryPlatform } from "../../../platform/memory.ts";
import { timerClock } from "../../../platform/web/timer-clock.ts";
import { webHttp } from "../../../platform/web/web-http.ts";
import { webSockets } from "../../../platform/web/web-sockets.ts";
import { createUnionhall, type OwnUnionhall } from "../../create-unionhall.ts";
import { groupEngine } from "../../groups/engine.ts";
import { Unreachable, type HttpRequest, type HttpResponse, type Platform } from "../../platform.ts";
import { listeningHall, type ListeningHall } from "../../sync/testing/listening-hall.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import { invites } from "../invites.ts";
import type { Invite, JoinState, MakeInvite } from "../invites-door.ts";

let seed = 50_000;

/** A real server that listens, and people with real devices whose engine is the real one. */
export class InviteWorld implements AsyncDisposable {
  readonly hall: ListeningHall;
  readonly #people: Comrade[] = [];

  private constructor(hall: ListeningHall) {
    this.hall = hall;
  }

  static async create(): Promise<InviteWorld> {
    return new InviteWorld(await listeningHall());
  }

  get origin(): string {
    return this.hall.origin;
  }

  /** Somebody with an empty device. */
  stranger(name: string): Comrade {
    const person = new Comrade(this.origin, name);
    this.#people.push(person);
    return person;
  }

  /** Registers somebody: the first by the setup link, others by the link of an invite. */
  async person(name: string, link: string | null = null): Promise<Comrade> {
    const person = this.stranger(name);
    await person.register(link ?? (await this.#setupLink()));
    return person;
  }

  /** A facilitator with a group. */
  async founder(name: string, history: "all" | "from-joining" = "all"): Promise<{ person: Comrade; groupId: string }> {
    const person = await this.person(name, await this.#anyLink());
    const input = { name: "Waste services", description: "", history, retentionDays: null };
    const { groupId } = await person.hall.groups.found(input);
    await person.hall.settled();
    return { person, groupId };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#people.map(({ hall }) => hall.close()));
    await this.hall[Symbol.asyncDispose]();
  }

  #links: string | null = null;

  /** Where the hall has accounts already: an invite of the first one, which is good for registering many. */
  async #anyLink(): Promise<string | null> {
    if (this.#links === null) {
      const first = await this.person("Operator");
      const input = { name: "Everybody", description: "", history: "all", retentionDays: null } as const;
      const { groupId } = await first.hall.groups.found(input);
      this.#links = await first.link(groupId, { uses: 200 });
    }
    return this.#links;
  }

  /** A link by which strangers register who are not to come in by it. */
  async registering(): Promise<string> {
    return (await this.#anyLink()) ?? "";
  }

  async #setupLink(): Promise<string> {
    const admission = await this.hall.app.admission();
    if (admission.kind !== "setup") throw new TypeError("the hall has its first account");
    return setupLinkText({ origin: this.origin, secret: fromBase64Url(admission.secret) });
  }
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
  async until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    const { hall } = this;
    for (;;) {
      const changed = Promise.withResolvers<void>();
      const stop = hall.subscribe(() => changed.resolve());
      try {
        const value = await read();
        if (holds(value)) return value;
        await changed.promise;
      } finally {
        stop();
      }
    }
  }

  async isIn(groupId: string): Promise<boolean> {
    const groups = await this.hall.groups.list();
    return groups.some((group) => group.groupId === groupId && group.standing.kind === "member");
  }

  async whenIn(groupId: string): Promise<void> {
    await this.until(() => this.isIn(groupId), Boolean);
  }

  #open(change: (platform: Platform) => Platform): OwnUnionhall {
    return createUnionhall(change(this.#platform()), groupEngine(invites));
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
