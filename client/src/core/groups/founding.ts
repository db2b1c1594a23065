import {
  firstEra,
  fromBase64Url,
  newStewardSeed,
  proposeFounding,
  sealEntryRequest,
  statementForGroups,
  stewardKeyPair,
  toBase64Url,
  toHex,
} from "@unionhall/crypto";
import { CreateGroup, CreateTickets, NewGroup } from "@unionhall/server/contract";
import { encodeWire } from "../api/wire-bytes.ts";
import { Errands, mayPass } from "../invites/errands.ts";
import { HallError } from "../problems.ts";
import type { GroupParts } from "../sync/group-parts.ts";
import { groupInfo } from "../sync/group-store.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { OpenGroups } from "../sync/open-groups.ts";
import { foundings, type Founding, type NewGroupWish } from "./founding-store.ts";
import type { GroupInfo } from "./groups-door.ts";

/** Founds groups (protocol section 5, first entry; section 3, notebook). */
export class FoundingDesk {
  readonly #parts: GroupParts;
  readonly #groups: OpenGroups;
  readonly #errands: Errands;
  readonly #running = new Map<string, Promise<OpenGroup>>();
  /** By the wish: those that somebody waits for. */
  readonly #awaited = new Map<string, Promise<OpenGroup>>();
  /** By the wish: ids of groups whose founding failed in front of who wished for it, and goes on. */
  readonly #goingOn = new Map<string, string>();

  constructor(parts: GroupParts, groups: OpenGroups) {
    this.#parts = parts;
    this.#groups = groups;
    this.#errands = new Errands(parts);
  }

  /**
   * Founds a group. Counts as done once the server has it, the vault holds its key, and its name is safely on the way. What was begun and fails for
   * something that may pass goes on by itself; who wishes for the same again gets that group, and no second one.
   *
   * @throws HallError `offline`, `quota-spent`
   */
  found(wish: NewGroupWish): Promise<OpenGroup> {
    const key = keyOf(wish);
    const awaited = this.#awaited.get(key);
    if (awaited !== undefined) return awaited;
    const founding = this.#foundOnce(wish, key).finally(() => this.#awaited.delete(key));
    this.#awaited.set(key, founding);
    return founding;
  }

  async #foundOnce(wish: NewGroupWish, key: string): Promise<OpenGroup> {
    const founding = await this.#begun(key);
    const done = founding === null ? this.#groups.find(this.#goingOn.get(key) ?? "") : null;
    if (done !== null) {
      this.#goingOn.delete(key);
      return done;
    }
    return this.#finishOrGoOn(founding ?? (await this.#beginStored(wish)), key);
  }

  async #finishOrGoOn(founding: Founding, key: string): Promise<OpenGroup> {
    try {
      const group = await this.#finish(founding);
      this.#goingOn.delete(key);
      return group;
    } catch (error) {
      if (mayPass(error)) {
        this.#goingOn.set(key, toHex(founding.groupId));
        this.#errands.run("foundings", () => this.resume().then(() => "done"));
      }
      throw error;
    }
  }

  /** What was begun for the same wish and not finished. */
  async #begun(key: string): Promise<Founding | null> {
    const entries = await this.#parts.store.map(foundings).entries();
    return (
      entries.find(({ value: { rules, ...begun } }) => rules !== undefined && keyOf({ ...begun, rules }) === key)
        ?.value ?? null
    );
  }

  async #beginStored(wish: NewGroupWish): Promise<Founding> {
    const founding = await this.#begin(wish, await this.#ticket());
    await this.#parts.store.map(foundings).put(toHex(founding.groupId), founding);
    return founding;
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.#errands.settled();
  }

  /** After the device was closed: resolves when nothing runs any more. */
  closed(): Promise<void> {
    return this.#errands.ended();
  }

  /** Goes on with whatever was begun and not finished. @throws HallError `offline` */
  async resume(): Promise<void> {
    for (const { value } of await this.#parts.store.map(foundings).entries()) await this.#finish(value);
  }

  async #begin({ notebook, info, rules }: NewGroupWish, ticket: Uint8Array): Promise<Founding> {
    const { account, random, clock, origin } = this.#parts;
    const keys = firstEra(random);
    const stewardSeed = newStewardSeed(random);
    const steward = stewardKeyPair(stewardSeed);
    const statements = [...account.state().statements.values()].map(statementForGroups);
    const proposal = proposeFounding(
      {
        author: { identityKey: account.identityKey, device: account.device.signing, statements },
        found: { rules, continues: null, stewardKey: steward.publicKey },
        operations: [],
        time: clock.now(),
        keys,
      },
      random,
    );
    if (proposal.kind === "refused") throw new HallError("server-refused", `it would be void: ${proposal.reason}`);
    const { entry, boxes, link, command } = sealEntryRequest(proposal, { key: steward, origin, counter: 1 });
    const { index, era, startsEra, sealed } = entry;
    return {
      groupId: proposal.after.groupId,
      notebook,
      info,
      rules,
      eraKey: keys.eraKey,
      stewardSeed,
      ticket,
      chain: { index, era, starts: startsEra, sealed, boxes: [...boxes], link, command },
    };
  }

  /** One at a time for each group: it may be asked for by its founder and by a resumption. */
  #finish(founding: Founding): Promise<OpenGroup> {
    const id = toHex(founding.groupId);
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    const finishing = this.#carryOut(founding).finally(() => this.#running.delete(id));
    this.#running.set(id, finishing);
    return finishing;
  }

  async #carryOut(founding: Founding): Promise<OpenGroup> {
    await this.#create(founding);
    const { groupId, eraKey, stewardSeed, notebook, info } = founding;
    const { group } = await this.#groups.enterAs({ groupId, era: 0, eraKey, stewardSeed, hold: false }, notebook);
    await this.#groups.settleIn(group.id);
    await this.#countCommand(group);
    if (info !== null) await this.#name(group, info);
    await this.#parts.store.map(foundings).delete(toHex(groupId));
    return group;
  }

  async #create({ groupId, ticket, chain }: Founding): Promise<void> {
    const params = { groupId: toBase64Url(groupId) };
    const send = (spent: Uint8Array) =>
      this.#parts.api.call(CreateGroup, { params, body: encodeWire(NewGroup, { ticket: spent, chain }) }, [
        "ticket-refused",
      ]);
    const reply = await send(ticket);
    if (reply.kind === "ok") return;
    // A ticket lives for a limited time; a founding that waited longer takes a new one.
    const again = await send(await this.#ticket());
    if (again.kind === "problem") throw new HallError("server-refused", "the hall refused the ticket for a new group");
  }

  /** The founding command used the steward key's counter. */
  async #countCommand(group: OpenGroup): Promise<void> {
    await group.held.change(async (draft) => {
      draft.set({ stewardCounter: Math.max(1, draft.stored.stewardCounter) });
    });
  }

  async #name(group: OpenGroup, { name, description }: GroupInfo): Promise<void> {
    const waiting = (await group.outbox.items()).some(({ body }) => body.kind === "group-info");
    const known = await this.#parts.store.map(groupInfo, group.groupId).get("info");
    if (!waiting && known === null) await group.write({ kind: "group-info", name, description });
    await group.held.change(async (draft) => {
      if (draft.stored.info === null) draft.set({ info: { name, description } });
    });
  }

  async #ticket(): Promise<Uint8Array> {
    const reply = await this.#parts.api.call(CreateTickets, { body: { purpose: "group", count: 1 } });
    const [ticket] = reply.body.tickets;
    if (ticket === undefined) throw new HallError("server-lies", "the hall gave no ticket");
    return fromBase64Url(ticket);
  }
}

function keyOf({ notebook, info, rules }: NewGroupWish): string {
  return JSON.stringify([notebook, info?.name, info?.description, rules.history, rules.retentionDays]);
}
