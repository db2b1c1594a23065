import { createServer } from "node:net";
import { fromBase64Url, setupLinkText, statementForGroups, stewardKeyPair } from "@unionhall/crypto";
import { randomBytes } from "node:crypto";
import { createTestApp, type TestApp } from "../../../../../server/src/testing/test-app.ts";
import { MemoryDevice, memoryPlatform } from "../../../platform/memory.ts";
import { timerClock } from "../../../platform/web/timer-clock.ts";
import { webHttp } from "../../../platform/web/web-http.ts";
import { webSockets } from "../../../platform/web/web-sockets.ts";
import { createUnionhall, type OwnUnionhall } from "../../create-unionhall.ts";
import type { EngineMaker, EngineParts } from "../../engine.ts";
import { groupEngine, type InvitesMaker } from "../../groups/engine.ts";
import { Unreachable, type Clock, type Platform } from "../../platform.ts";
import type { InvitesDoor } from "../../invites/invites-door.ts";
import { HallError } from "../../problems.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import type { Groups, LoadedGroup } from "../loaded-group.ts";
import { OpenGroup } from "../open-group.ts";

/** A real server on a real database, listening, for tests of groups with real sockets. */
export interface ListeningHall extends AsyncDisposable {
  readonly app: TestApp;
  readonly origin: string;
  /** Registers somebody on a new device. */
  person(name: string, clock?: Clock): Promise<Person>;
}

let seed = 1;

export async function listeningHall(): Promise<ListeningHall> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const app = await createTestApp({ origin });
  await app.app.listen({ port, host: "127.0.0.1" });
  const people: Person[] = [];
  return {
    app,
    origin,
    person: async (name, clock) => {
      const person = new Person(origin, clock);
      people.push(person);
      await person.register(name, app);
      return person;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(people.map((person) => person.hall.close()));
      await app[Symbol.asyncDispose]();
    },
  };
}

/** Somebody with one device, which can be closed, opened again and cut off. */
export class Person {
  readonly device = new MemoryDevice();
  readonly origin: string;
  hall: OwnUnionhall;
  #groups: Groups | null = null;
  #parts: EngineParts | null = null;
  online = true;
  readonly clock: Clock;
  accountId = "";
  words = "";
  readonly #sockets = new Set<() => void>();
  #tickets: readonly Uint8Array[] = [];

  constructor(origin: string, clock: Clock = timerClock) {
    this.origin = origin;
    this.clock = clock;
    this.hall = this.#open();
  }

  async register(name: string, app: TestApp): Promise<void> {
    const admission = await app.admission();
    const isSetup = admission.kind === "setup";
    this.#tickets = isSetup ? [] : [fromBase64Url(admission.ticket)];
    const link = isSetup
      ? setupLinkText({ origin: this.origin, secret: fromBase64Url(admission.secret) })
      : `${this.origin}/join#${Buffer.concat([Buffer.of(1), Buffer.alloc(48)]).toString("base64url")}`;
    const profile = { name, union: `${name}'s union`, country: null, languages: [] };
    const { accountId, words } = await this.hall.session.register({
      link,
      profile,
      lock: { kind: "none" },
      wordLanguage: "en",
    });
    this.accountId = accountId;
    this.words = words.join(" ");
    await this.hall.session.confirmWords();
  }

  /** The groups as the engine has them, once the account is open. */
  async groups(): Promise<Groups> {
    await this.hall.session.state();
    if (this.#groups === null) throw new TypeError("the account is not open");
    return this.#groups;
  }

  async parts(): Promise<EngineParts> {
    await this.hall.session.state();
    if (this.#parts === null) throw new TypeError("the account is not open");
    return this.#parts;
  }

  /** As {@link group}, with what lies behind it. */
  async openGroup(groupId: string): Promise<OpenGroup> {
    const group = await this.group(groupId);
    if (!(group instanceof OpenGroup)) throw new TypeError("this program keeps groups in another way");
    return group;
  }

  async group(groupId: string): Promise<LoadedGroup> {
    return (await this.groups()).get(groupId);
  }

  /** Comes into a group without an invite: a facilitator admits, and the era key is handed over as a box would hand it over. */
  async comeIn(facilitator: Person, groupId: string, role: "member" | "facilitator" = "member"): Promise<void> {
    const { account } = await this.parts();
    const stewardSeed = randomBytes(32);
    const admitting = await facilitator.group(groupId);
    await admitting.propose([
      {
        kind: "admit",
        identityKey: account.identityKey,
        statements: [...account.state().statements.values()].map(statementForGroups),
        stewardKey: stewardKeyPair(stewardSeed).publicKey,
        role,
        invite: null,
        request: null,
      },
    ]);
    const { newest } = admitting;
    if (newest === null) throw new TypeError("the facilitator holds no era");
    await (await this.groups()).enter({ groupId: admitting.groupId, ...newest, stewardSeed, hold: false });
  }

  /** The same account, brought back by its 12 words on an empty device. The old one stays as it is. */
  async recoverOnNewDevice(): Promise<Person> {
    const again = new Person(this.origin, this.clock);
    await again.hall.session.recover({ words: this.words, lock: { kind: "none" } });
    again.accountId = this.accountId;
    again.words = this.words;
    return again;
  }

  /** Closes the program and opens it again on the same device. */
  async reopen(platform: (platform: Platform) => Platform = (same) => same): Promise<void> {
    await this.hall.close();
    this.device.reboot();
    this.hall = this.#open(platform);
  }

  /** The program has died without closing; opens it again. */
  restartAfterCrash(platform: (platform: Platform) => Platform = (same) => same): void {
    this.device.reboot();
    this.hall = this.#open(platform);
  }

  /** Waits until something holds, looking again whenever core says that something has changed. */
  until(holds: () => Promise<boolean>): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = async (): Promise<void> => {
        if (!(await holds())) return;
        stop();
        resolve();
      };
      const stop = this.hall.subscribe(() => void look().catch(reject));
      look().catch(reject);
    });
  }

  /** What somebody reads in a topic. */
  async texts(groupId: string, topicId: string): Promise<readonly string[]> {
    const { posts } = await this.hall.topics.posts(groupId, topicId, { from: 0, limit: 200 });
    return posts.map(({ text }) => text);
  }

  goOffline(): void {
    this.online = false;
    for (const close of this.#sockets) close();
  }

  goOnline(): void {
    this.online = true;
    this.hall.wake();
  }

  platform(): Platform {
    const http = webHttp({ origin: this.origin });
    const sockets = webSockets((url) => new WebSocket(url));
    return memoryPlatform({
      origin: this.origin,
      device: this.device,
      random: seededRandom(++seed),
      clock: this.clock,
      http: {
        send: async (request) => {
          if (!this.online) throw new Unreachable("cut off");
          return http.send(request);
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

  #open(platform: (platform: Platform) => Platform = (same) => same): OwnUnionhall {
    return createUnionhall(platform(this.platform()), this.#engine());
  }

  #engine(): EngineMaker {
    const maker: InvitesMaker = {
      readInvite: async () => ({
        preview: {
          groupId: "00".repeat(32),
          groupName: "",
          inviterName: "",
          history: "all",
          retentionDays: null,
          mode: "approval",
          expiresAt: 0,
        },
        tickets: this.#tickets,
      }),
      open: async (parts, groups) => {
        this.#groups = groups;
        this.#parts = parts;
        return { door: closedDoor, openRequests: async () => 0, settled: async () => {}, closed: async () => {} };
      },
    };
    return groupEngine(maker);
  }
}

const closed = async (): Promise<never> => {
  throw new HallError("invite-unknown", "no invites in this test");
};
const closedDoor: InvitesDoor = {
  preview: closed,
  join: closed,
  joining: closed,
  cancel: closed,
  make: closed,
  list: closed,
  end: closed,
  requests: closed,
  approve: closed,
  refuse: closed,
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
