import { randomBytes } from "node:crypto";
import type { EngineParts } from "../../client/src/core/engine.ts";
import { createUnionhall, type OwnUnionhall } from "../../client/src/core/create-unionhall.ts";
import { groupEngine } from "../../client/src/core/groups/engine.ts";
import type { History } from "../../client/src/core/groups/groups-door.ts";
import { openInvites } from "../../client/src/core/invites/invites.ts";
import type { JoinState, MakeInvite } from "../../client/src/core/invites/invites-door.ts";
import { readInvite } from "../../client/src/core/invites/read-invite.ts";
import type { OpenGroup } from "../../client/src/core/sync/open-group.ts";
import type { Groups } from "../../client/src/core/sync/loaded-group.ts";
import { HallError } from "../../client/src/core/problems.ts";
import { MemoryDevice, memoryPlatform } from "../../client/src/platform/memory.ts";
import { webHttp } from "../../client/src/platform/web/web-http.ts";
import { webSockets } from "../../client/src/platform/web/web-sockets.ts";
import { Between } from "./between.ts";
import type { WorldClock } from "./world-clock.ts";
import { until } from "../../client/src/core/until.ts";

/** A group and the topic that {@link Member.post} and {@link Member.texts} mean where none is said. */
export interface Founded {
  readonly groupId: string;
  readonly topicId: string;
}

/** A person with one device: core as it is, in memory, against a server over real sockets. */
export class Member {
  readonly name: string;
  readonly between: Between;
  readonly origin: string;
  readonly #clock: WorldClock;
  device = new MemoryDevice();
  hall: OwnUnionhall;
  /** Milliseconds by which this device's clock is wrong. */
  ahead = 0;
  accountId = "";
  words: readonly string[] = [];
  isOpen = true;
  #parts: EngineParts | null = null;
  #groups: Groups | null = null;

  constructor(origin: string, name: string, clock: WorldClock) {
    this.origin = origin;
    this.name = name;
    this.#clock = clock;
    this.between = new Between(
      webHttp({ origin }),
      webSockets((url) => new WebSocket(url)),
    );
    this.hall = this.#open();
  }

  async register(link: string): Promise<void> {
    const profile = { name: this.name, union: `${this.name}'s union`, country: null, languages: ["en"] };
    const made = await this.hall.session.register({ link, profile, lock: { kind: "none" }, wordLanguage: "en" });
    this.accountId = made.accountId;
    this.words = made.words;
    await this.hall.session.confirmWords();
  }

  /** Brings an account back by its words on this empty device. */
  async recover(words: readonly string[]): Promise<void> {
    const { accountId } = await this.hall.session.recover({ words: words.join(" "), lock: { kind: "none" } });
    this.accountId = accountId;
    this.words = words;
  }

  /** A group with a first topic; those whom it admits come in by an invite that is then used up. */
  async foundGroup(
    name: string,
    { admits = [], history = "all" }: { readonly admits?: readonly Member[]; readonly history?: History } = {},
  ): Promise<Founded> {
    const { groupId } = await this.hall.groups.found({ name, description: "", history, retentionDays: null });
    if (admits.length > 0) await this.admit(groupId, admits);
    const { topicId } = await this.hall.topics.create(groupId, { title: `${name}: first topic`, text: "opening" });
    return { groupId, topicId };
  }

  /** Lets people in who ask by a link that has as many uses as they are. */
  async admit(groupId: string, people: readonly Member[]): Promise<void> {
    const link = await this.link(groupId, { uses: people.length });
    await Promise.all(people.map((person) => person.join(link)));
    for (const _ of people) {
      const [request] = await this.until(
        () => this.hall.invites.requests(groupId),
        (requests) => requests.length > 0,
      );
      await this.hall.invites.approve(groupId, request?.requestId ?? "");
    }
    await Promise.all(people.map((person) => person.whenIn(groupId)));
  }

  async link(groupId: string, changes: Partial<MakeInvite> = {}): Promise<string> {
    const wanted = { mode: "approval", uses: 1, expiresInDays: 5, note: "", ...changes } as const;
    const { link } = await this.hall.invites.make(groupId, wanted);
    if (link === null) throw new TypeError("its maker has the link");
    return link;
  }

  async join(link: string, note = ""): Promise<JoinState> {
    return this.hall.invites.join(link, { note });
  }

  async post({ groupId, topicId }: Founded, text: string): Promise<string> {
    return (await this.hall.topics.reply(groupId, topicId, text)).recordId;
  }

  /** What this person reads in a topic; nothing where the group or the topic is not known here. */
  async texts({ groupId, topicId }: Founded): Promise<readonly string[]> {
    const texts: string[] = [];
    try {
      for (let total = 1; texts.length < total;) {
        const page = await this.hall.topics.posts(groupId, topicId, { from: texts.length, limit: 200 });
        if (page.posts.length === 0) break;
        texts.push(...page.posts.map(({ text }) => text));
        total = page.total;
      }
    } catch (error) {
      const isUnknown = error instanceof HallError && ["group-unknown", "topic-unknown"].includes(error.problem);
      if (!isUnknown) throw error;
    }
    return texts;
  }

  async remove(who: Member, { groupId }: Pick<Founded, "groupId">): Promise<void> {
    await this.hall.groups.remove(groupId, who.accountId);
  }

  async chainActs(groupId: string): Promise<readonly (readonly string[])[]> {
    return (await this.hall.groups.chain(groupId)).map(({ acts }) => acts.map(({ kind }) => kind));
  }

  async warnings(groupId: string): Promise<readonly string[]> {
    return (await this.hall.groups.get(groupId)).warnings.map(({ kind }) => kind);
  }

  /** Closes the program and opens it again on the same device. */
  async reopen(): Promise<void> {
    await this.close();
    this.device.reboot();
    this.hall = this.#open();
    this.isOpen = true;
  }

  async close(): Promise<void> {
    if (this.isOpen) await this.hall.close();
    this.isOpen = false;
  }

  get online(): boolean {
    return this.isOpen && this.between.online;
  }

  goOffline(): void {
    this.between.cut();
  }

  goOnline(): void {
    this.between.online = true;
    this.hall.wake();
  }

  /** Resolves as soon as `holds`, after as many changes as it takes. */
  until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    return until(this.hall, read, holds);
  }

  async whenIn(groupId: string): Promise<void> {
    await this.until(
      async () => {
        const groups = await this.hall.groups.list();
        return groups.some((group) => group.groupId === groupId && group.standing.kind === "member");
      },
      (isIn) => isIn,
    );
  }

  /** What the engine works with: for attackers, who use their own program as they like. */
  async parts(): Promise<EngineParts> {
    await this.hall.session.state();
    if (this.#parts === null) throw new TypeError("the account is not open");
    return this.#parts;
  }

  /** A group as the engine holds it, keys and all. */
  async group(groupId: string): Promise<OpenGroup> {
    await this.hall.session.state();
    if (this.#groups === null) throw new TypeError("the account is not open");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine's groups are its own open groups
    return this.#groups.get(groupId) as OpenGroup;
  }

  #open(): OwnUnionhall {
    const engine = groupEngine({
      readInvite,
      open: async (parts, groups) => {
        this.#parts = parts;
        this.#groups = groups;
        return openInvites(parts, groups);
      },
    });
    const platform = memoryPlatform({
      origin: this.origin,
      device: this.device,
      random: (length) => new Uint8Array(randomBytes(length)),
      clock: this.#clock.ofDevice(() => this.ahead),
      http: this.between.http,
      sockets: this.between.sockets,
    });
    return createUnionhall(platform, engine);
  }
}
