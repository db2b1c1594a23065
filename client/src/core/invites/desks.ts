import {
  boxKeyPair,
  checkWords,
  openDeskKeys,
  signingKeyPair,
  toHex,
  type DeskKeys,
  type GroupInvite,
} from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import type { Groups, LoadedGroup } from "../sync/loaded-group.ts";
import { deskKeysHandedOn, handOnDeskKeys } from "./desk-handover.ts";
import { DeskReader, newStoredDesk } from "./desk-reader.ts";
import type { Attempt, Errands } from "./errands.ts";
import { stateOf } from "./invite-rules.ts";
import { storedDesks } from "./invite-store.ts";
import { RequestShelf } from "./request-shelf.ts";

type DesksParts = Pick<
  EngineParts,
  "origin" | "api" | "clock" | "random" | "account" | "store" | "live" | "emit" | "stop"
>;

interface OpenDesk {
  readonly reader: DeskReader;
  stopWatching: () => void;
  /** How often the watching ended without mail in between. */
  endings: number;
  /** Settled when the desk has been read, or could not be, for the first time. */
  readonly firstRead: PromiseWithResolvers<void>;
}

/** A watching that ends this often for no reason is not begun again before the next start. */
const mostEndings = 5;
/** Requests whose check words are worked out: each takes a good part of a second. */
export const requestsAtOnce = 100;

/**
 * The desks of every group in which this account is facilitator: read, watched while online, closed when their invite ends (protocol section 7).
 */
export class Desks {
  readonly shelf: RequestShelf;
  readonly #parts: DesksParts;
  readonly #groups: Groups;
  readonly #errands: Errands;
  /** By group id and invite id. */
  readonly #open = new Map<string, Map<string, OpenDesk>>();
  /** What of a group was last looked at, by its id. */
  readonly #seen = new Map<
    string,
    Pick<LoadedGroup["state"], "invites" | "accounts" | "eras"> & { readonly isActive: boolean }
  >();

  constructor(parts: DesksParts, groups: Groups, errands: Errands) {
    this.#parts = parts;
    this.#groups = groups;
    this.#errands = errands;
    this.shelf = new RequestShelf(parts, groups);
  }

  /** Looks at a group whose chain or standing may have changed, and reads the desks that are to be read now. */
  async follow(group: LoadedGroup): Promise<void> {
    const { invites, accounts, eras } = group.state;
    const isActive = group.standing.kind === "member" && group.role === "facilitator";
    const seen = this.#seen.get(group.id);
    this.#seen.set(group.id, { invites, accounts, eras, isActive });
    const isNews = seen?.invites !== invites || seen.isActive !== isActive;
    if (isNews) await this.#reconcile(group, isActive);
    if (isActive && (isNews || seen.accounts !== accounts || seen.eras !== eras)) this.#handOn(group);
    if (isNews || this.shelf.countChanged(group)) this.#tell(group.id);
  }

  /** An invite's expiry has passed, for one. */
  async followAgain(group: LoadedGroup): Promise<void> {
    this.#seen.delete(group.id);
    await this.follow(group);
  }

  async #reconcile(group: LoadedGroup, isActive: boolean): Promise<void> {
    const { invites } = group.state;
    await this.shelf.load(group.id, group.groupId);
    const { kind } = group.standing;
    if (kind === "left" || (group.role !== "facilitator" && kind !== "arriving")) await this.#clear(group);
    const desks = this.#open.get(group.id) ?? new Map<string, OpenDesk>();
    this.#open.set(group.id, desks);
    for (const [id, desk] of desks) if (!isActive || !this.#isOpen(invites.get(id))) this.#stop(desks, id, desk);
    if (isActive) for (const [id, invite] of invites) await this.#look(group, id, invite);
  }

  /** Stops everything about a group that is not here any more. */
  forget(groupId: string): void {
    const desks = this.#open.get(groupId);
    for (const [id, desk] of desks ?? []) this.#stop(desks ?? new Map<string, OpenDesk>(), id, desk);
    this.#open.delete(groupId);
    this.#seen.delete(groupId);
  }

  /** The reader of an open invite's desk; null where its keys are not here. */
  readerOf(groupId: string, inviteId: string): DeskReader | null {
    return this.#open.get(groupId)?.get(inviteId)?.reader ?? null;
  }

  /** Resolves when every desk of the group was read once since the start, or could not be, and the check words are there. */
  async readOnce(groupId: string): Promise<void> {
    const desks = [...(this.#open.get(groupId)?.values() ?? [])];
    await Promise.all(desks.map(({ firstRead }) => firstRead.promise));
    await this.#findWords(groupId);
  }

  #isOpen(invite: GroupInvite | undefined): boolean {
    return invite !== undefined && stateOf(invite, this.#parts.clock.now()) === "open";
  }

  async #look(group: LoadedGroup, id: string, invite: GroupInvite): Promise<void> {
    if (!this.#isOpen(invite)) return this.#clearAway(group, id, invite);
    if (invite.admission.kind === "instant" || this.#open.get(group.id)?.has(id) === true) return;
    const keys = await this.#keysOf(group, invite);
    if (keys !== null) this.#start(group, invite, keys);
    else this.#errands.run(`desk keys ${group.id} ${id}`, () => this.#askForKeys(group, invite));
  }

  /** The chain's own box for this facilitator, or what another facilitator handed on. */
  async #keysOf(group: LoadedGroup, invite: GroupInvite): Promise<DeskKeys | null> {
    const { account, store } = this.#parts;
    const place = { groupId: group.groupId, inviteId: invite.id };
    const boxKeys = account.boxKeys().map(({ box }) => box);
    const own = openDeskKeys(invite.desk, place, account.identityKey, boxKeys);
    if (own !== null) return own;
    const desk = await store.map(storedDesks, group.groupId).get(toHex(invite.id));
    if (desk === null || desk.handedOn === null) return null;
    const { boxSeed, readSeed } = desk.handedOn;
    return { boxKey: boxKeyPair(boxSeed), readKey: signingKeyPair(readSeed) };
  }

  async #askForKeys(group: LoadedGroup, invite: GroupInvite): Promise<Attempt> {
    if (!this.#isOpen(group.state.invites.get(toHex(invite.id))) || group.role !== "facilitator") return "done";
    const keys = await deskKeysHandedOn(this.#parts, group, invite);
    if (keys === null) return "again-later";
    const map = this.#parts.store.map(storedDesks, group.groupId);
    const desk = (await map.get(toHex(invite.id))) ?? newStoredDesk;
    const handedOn = { boxSeed: keys.boxKey.secretKey, readSeed: keys.readKey.secretKey.slice(0, 32) };
    await map.put(toHex(invite.id), { ...desk, handedOn });
    this.#start(group, invite, keys);
    return "done";
  }

  #start(group: LoadedGroup, invite: GroupInvite, keys: DeskKeys): void {
    const id = toHex(invite.id);
    const desks = this.#open.get(group.id);
    if (desks === undefined || desks.has(id)) return;
    const reader = new DeskReader(this.#parts, group, invite, keys);
    const desk: OpenDesk = {
      reader,
      stopWatching: () => {},
      endings: 0,
      firstRead: Promise.withResolvers<void>(),
    };
    desks.set(id, desk);
    this.#watch(group, id, desk);
    this.#read(group, id, desk);
  }

  /** Facilitators who came after an invite was made get its desk's keys from here: anew in every era. */
  #handOn(group: LoadedGroup): void {
    for (const [id, { reader }] of this.#open.get(group.id) ?? []) {
      const { invite, keys } = reader;
      this.#errands.run(`hand on ${group.id} ${id}`, () => handOnDeskKeys(this.#parts, group, invite, keys));
    }
  }

  #watch(group: LoadedGroup, id: string, desk: OpenDesk): void {
    desk.stopWatching = desk.reader.watch({
      mail: () => {
        desk.endings = 0;
        this.#read(group, id, desk);
      },
      ended: () => {
        desk.stopWatching = () => {};
        desk.endings += 1;
        if (desk.endings < mostEndings) this.#read(group, id, desk, true);
      },
    });
  }

  #read(group: LoadedGroup, id: string, desk: OpenDesk, watchAgain = false): void {
    this.#errands.run(`desk ${group.id} ${id}`, async () => {
      if (this.#open.get(group.id)?.get(id) !== desk) return "done";
      try {
        const found = await desk.reader.read();
        if (found === "changed") await this.#changed(group);
        if (watchAgain && found !== "gone") this.#watch(group, id, desk);
        return "done";
      } finally {
        desk.firstRead.resolve();
      }
    });
  }

  async #changed(group: LoadedGroup): Promise<void> {
    await this.shelf.load(group.id, group.groupId, "again");
    this.#tell(group.id);
    this.#errands.run(`words ${group.id}`, async () => {
      await this.#findWords(group.id);
      return "done";
    });
  }

  /** Works out check words of requests that have none yet, oldest first. */
  async #findWords(groupId: string): Promise<void> {
    const group = this.#groups.find(groupId);
    if (group === null) return;
    for (const request of this.shelf.open(group).slice(0, requestsAtOnce)) {
      if (request.checkWords !== null || this.#parts.stop.stopped) continue;
      const words = await checkWords("join-request", request.checkInput);
      await this.shelf.change(group, request.requestId, (now) => ({ ...now, checkWords: words }));
      this.#tell(groupId);
    }
  }

  /**
   * An invite that is over. Once its day has passed its requests are forgotten; before, its desk goes, with the preview and the tickets in it, so
   * that nobody asks or registers by it any more and those who wait hear of it.
   */
  async #clearAway(group: LoadedGroup, id: string, invite: GroupInvite): Promise<void> {
    const { store, clock } = this.#parts;
    if (clock.now() >= invite.expiry) return this.shelf.drop(group, invite.id);
    if (invite.ended === null || invite.ended.cause === "expired") return;
    const desk = (await store.map(storedDesks, group.groupId).get(id)) ?? newStoredDesk;
    if (desk.gone) return;
    const keys = await this.#keysOf(group, invite);
    if (keys === null) return;
    this.#errands.run(`close ${group.id} ${id}`, async () => {
      await new DeskReader(this.#parts, group, invite, keys).close();
      await store.map(storedDesks, group.groupId).put(id, { ...desk, gone: true });
      return "done";
    });
  }

  /** Who is no facilitator any more keeps nothing of what guests wrote to facilitators. */
  async #clear(group: LoadedGroup): Promise<void> {
    if (!this.shelf.holds(group.id)) return;
    await this.shelf.clear(group);
    await this.#parts.store.map(storedDesks, group.groupId).clear();
  }

  #stop(desks: Map<string, OpenDesk>, id: string, desk: OpenDesk): void {
    desk.stopWatching();
    desk.firstRead.resolve();
    desks.delete(id);
  }

  #tell(groupId: string): void {
    this.#parts.emit({ kind: "invites", groupId });
    this.#parts.emit({ kind: "groups" });
  }
}
