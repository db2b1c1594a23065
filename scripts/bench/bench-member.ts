import { type EraKeys, eraKeysOf, type Previous, type RecordBody, sealRecord, headOf } from "@unionhall/crypto";
import type { WireRecord } from "@unionhall/server/contract";
import { createUnionhall, type OwnUnionhall } from "../../client/src/core/create-unionhall.ts";
import type { EngineParts } from "../../client/src/core/engine.ts";
import { groupEngine } from "../../client/src/core/groups/engine.ts";
import { openInvites } from "../../client/src/core/invites/invites.ts";
import { readInvite } from "../../client/src/core/invites/read-invite.ts";
import type { LoadedGroup, Groups } from "../../client/src/core/sync/loaded-group.ts";
import type { OpenGroup } from "../../client/src/core/sync/open-group.ts";
import { MemoryDevice, memoryPlatform } from "../../client/src/platform/memory.ts";
import { webHttp } from "../../client/src/platform/web/web-http.ts";
import { webSockets } from "../../client/src/platform/web/web-sockets.ts";
import { random } from "./members.ts";
import { until } from "../../client/src/core/until.ts";

/** A whole client on a device in memory, whose engine the benchmark looks into. */
export class BenchMember {
  readonly hall: OwnUnionhall;
  #parts: EngineParts | null = null;
  #groups: Groups | null = null;

  constructor(origin: string, device = new MemoryDevice()) {
    const engine = groupEngine({
      readInvite,
      open: async (parts, groups) => {
        this.#parts = parts;
        this.#groups = groups;
        return await openInvites(parts, groups);
      },
    });
    const http = webHttp({ origin });
    const sockets = webSockets((url) => new WebSocket(url));
    this.hall = createUnionhall(memoryPlatform({ origin, device, random, http, sockets }), engine);
  }

  /** @returns the 12 words */
  async register(link: string, name: string): Promise<string> {
    const profile = { name, union: null, country: null, languages: [] };
    const made = await this.hall.session.register({ link, profile, lock: { kind: "none" }, wordLanguage: "en" });
    await this.hall.session.confirmWords();
    return made.words.join(" ");
  }

  async found(name: string): Promise<string> {
    const input = { name, description: "", history: "all", retentionDays: null } as const;
    return (await this.hall.groups.found(input)).groupId;
  }

  get parts(): EngineParts {
    if (this.#parts === null) throw new Error("the account is not open");
    return this.#parts;
  }

  group(groupId: string): OpenGroup {
    if (this.#groups === null) throw new Error("the account is not open");
    const group: LoadedGroup = this.#groups.get(groupId);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine's groups are its own open groups
    return group as OpenGroup;
  }

  /** Resolves as soon as what is read `holds`, after as many changes as it takes. */
  until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    return until(this.hall, read, holds);
  }
}

/** Keys of the newest era of a group that this member holds. */
export function keysOf(group: OpenGroup): EraKeys {
  if (group.newest === null) throw new Error("the group holds no era");
  return eraKeysOf(group.newest.era, group.newest.eraKey);
}

/** Seals records of one device, each naming the one before: what an outbox does, without storing anything. */
export class RecordMaker {
  readonly #group: OpenGroup;
  readonly #parts: EngineParts;
  readonly #keys: EraKeys;
  #number: number;
  #previous: Previous | null;

  constructor(member: BenchMember, group: OpenGroup) {
    this.#group = group;
    this.#parts = member.parts;
    this.#keys = keysOf(group);
    const { own } = group.held.snapshot.stored;
    this.#number = own.number;
    this.#previous = own.acknowledged;
  }

  topic(title: string, text: string): WireRecord {
    return this.#seal({ kind: "topic", title, text, category: null, mentions: [], files: [] }, null);
  }

  post(topic: Uint8Array, text: string): WireRecord {
    return this.#seal({ kind: "post", text, reply: null, mentions: [], files: [] }, topic);
  }

  #seal(body: RecordBody, topic: Uint8Array | null): WireRecord {
    const head = headOf(this.#group.state);
    if (head === null) throw new Error("the group has no entry");
    const { account } = this.#parts;
    const draft = {
      body,
      topic,
      target: null,
      era: this.#keys.number,
      expires: null,
      author: account.identityKey,
      statement: null,
      number: this.#number + 1,
      previous: this.#previous,
      seen: [],
      head,
      vaultVersion: 1,
      time: Date.now(),
      salt: random(16),
    } as const;
    const { chainKey, contentKey } = this.#keys;
    // The group has had one era, whose chain key is therefore the first.
    const keys = { groupId: this.#group.groupId, chainKey, contentKey, firstChainKey: chainKey };
    const sealed = sealRecord(draft, account.device.signing, keys);
    if (sealed.kind === "refused") throw new Error(`a record is refused: ${sealed.reason}`);
    this.#number += 1;
    this.#previous = { number: this.#number, hash: sealed.hash };
    return sealed.record;
  }
}
