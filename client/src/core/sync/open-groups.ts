import { toHex, type VaultContent, type VaultGroup } from "@unionhall/crypto";
import { HallError } from "../problems.ts";
import type { Profile } from "../session/session-door.ts";
import { Activity } from "./activity.ts";
import type { CaughtUp } from "./catch-up.ts";
import type { GroupParts } from "./group-parts.ts";
import { groups, profiles, type HeldEra, type StoredGroup } from "./group-store.ts";
import { HeldGroup } from "./held-group.ts";
import { Lane } from "./lane.ts";
import type { EnterGroup, GroupChange, Groups, LoadedGroup } from "./loaded-group.ts";
import {
  cameInElsewhere,
  isAloneIn,
  isAmongOthers,
  isForgotten,
  isOut,
  newStoredGroup,
  storedFromVault,
  withForgotten,
  withVaultGroup,
} from "./new-group.ts";
import { OpenGroup } from "./open-group.ts";
import { giveUpWhenOut } from "./outbox-given-up.ts";
import { mergeReadBefore } from "../topics/reading.ts";

type Listener = (group: LoadedGroup, change: GroupChange) => void;

/** All groups that are open on this device, the notebook among them. */
export class OpenGroups implements Groups {
  readonly #parts: GroupParts;
  readonly #groups = new Map<string, OpenGroup>();
  readonly #listeners = new Set<Listener>();
  readonly #taking = new Activity();
  /** What the vault holds is taken by one at a time: no group is opened twice. */
  readonly #vaultTurns = new Lane();
  readonly #currents = new Set<(group: OpenGroup) => void>();
  readonly #arrivals = new Set<(group: OpenGroup) => void>();
  #isLoaded = false;

  private constructor(parts: GroupParts) {
    this.#parts = parts;
  }

  /** Loads what is stored and what the vault knows besides; follows all of it, without waiting for the network. */
  static async load(parts: GroupParts): Promise<OpenGroups> {
    const open = new OpenGroups(parts);
    for (const { value } of await parts.store.map(groups).entries()) await open.#load(value);
    await open.takeFromVault();
    open.#isLoaded = true;
    for (const group of open.everything()) open.#begin(group);
    parts.vault.onChange(() => open.#taking.background(() => open.takeFromVault()));
    return open;
  }

  /** Working groups. */
  all(): readonly OpenGroup[] {
    return [...this.#groups.values()].filter(({ held }) => !held.snapshot.stored.notebook);
  }

  everything(): readonly OpenGroup[] {
    return [...this.#groups.values()];
  }

  notebooks(): readonly OpenGroup[] {
    return [...this.#groups.values()].filter(({ held }) => held.snapshot.stored.notebook);
  }

  find(id: string): OpenGroup | null {
    return this.#groups.get(id) ?? null;
  }

  get(id: string): OpenGroup {
    const group = this.find(id);
    if (group === null || group.held.snapshot.stored.notebook || group.isHeld)
      throw new HallError("group-unknown", "there is no such group on this device");
    return group;
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls each time everything about a group is here and its newest era is open. */
  onCurrent(listener: (group: OpenGroup) => void): void {
    this.#currents.add(listener);
  }

  /** Calls when this account has come into a group on this device. */
  onArrival(listener: (group: OpenGroup) => void): void {
    this.#arrivals.add(listener);
  }

  async enter(input: EnterGroup): Promise<{ readonly kind: "member" | "outside"; readonly group: OpenGroup }> {
    return this.enterAs(input, false);
  }

  /** {@link enter}, also for the notebook. */
  async enterAs(
    { groupId, era, eraKey, stewardSeed, hold }: EnterGroup,
    notebook: boolean,
  ): Promise<{ readonly kind: "member" | "outside"; readonly group: OpenGroup }> {
    const offered = { era, eraKey };
    const known = this.find(toHex(groupId));
    if (known === null)
      await this.#create({
        ...newStoredGroup({ groupId, notebook, offered, stewardSeed, newcomer: true, vaultEra: null }),
        held: hold ? { before: null } : null,
      });
    else await this.#comeBack(known, { offered, stewardSeed, hold });
    const group = this.#required(toHex(groupId));
    const result = await group.follow().firstResult();
    return this.#entered(group, result);
  }

  async settleIn(id: string): Promise<void> {
    const group = this.#required(id);
    await group.held.change(async (draft) => draft.set({ held: null }));
    await this.#settleIn(group);
  }

  /** Takes a group off this device. */
  async abandon(id: string): Promise<void> {
    const group = this.find(id);
    if (group === null) return;
    await group.stop();
    const before = group.held.snapshot.stored.held?.before ?? null;
    if (before === null) {
      this.#groups.delete(id);
      await group.held.erase();
    } else await group.held.change(async (draft) => draft.set({ standing: before, held: null }));
    this.#parts.emit({ kind: "groups" });
  }

  /** Ends everything about a group that nobody else is in: for this account it is left, though no entry can say so. */
  async retire(group: OpenGroup): Promise<void> {
    await group.stop();
    await group.held.change(async (draft) => {
      draft.set({ standing: { kind: "left" } });
      draft.tell("chain");
    });
  }

  /** Puts away a group that one is not in any more, on all devices of this account. */
  async forget(group: OpenGroup): Promise<void> {
    const now = this.#parts.clock.now();
    await this.#parts.vault.note((content) => withForgotten(content, group.groupId, now));
    await this.abandon(group.id);
  }

  /** Groups of which the vault has heard through another device of this account, or from before a recovery. */
  takeFromVault(): Promise<void> {
    return this.#vaultTurns.run(async () => {
      for (const group of this.#parts.vault.content().groups) await orLater(this.#takeOne(group));
    });
  }

  async #takeOne(group: VaultGroup): Promise<void> {
    const known = this.find(toHex(group.groupId));
    if (known === null && !isForgotten(group)) await this.#create(storedFromVault(group));
    else if (known !== null && isForgotten(group)) await this.#putAwayElsewhere(known);
    else if (known !== null && cameInElsewhere(known.held.snapshot.stored, group))
      await this.#comeBackFromVault(known, group);
  }

  /** Another device put the group away, perhaps because it had not heard that this account is in it again. */
  async #putAwayElsewhere(known: OpenGroup): Promise<void> {
    if (isAloneIn(known.held.snapshot.stored)) await this.abandon(known.id);
    else if (isAmongOthers(known.held.snapshot, known.identityKey) && !known.isHeld)
      this.#taking.background(() => orLater(this.#bringBack(known)));
  }

  /** Once it is certain that this account did not leave meanwhile, as the other device may have seen first. */
  async #bringBack(known: OpenGroup): Promise<void> {
    await known.caughtUp();
    if (isAmongOthers(known.held.snapshot, known.identityKey)) await this.#parts.vault.note(this.#inVault(known));
  }

  /** Another device of this account has come in again: this one goes on with the era that it brought. */
  async #comeBackFromVault(known: OpenGroup, { era, eraKey, stewardSeed }: VaultGroup): Promise<void> {
    await known.stop();
    await known.held.change(async (draft) => {
      const offered = { era, eraKey };
      draft.set({ offered, stewardSeed, standing: { kind: "arriving" }, newcomer: false, vaultEra: era });
      draft.say({ kind: "groups" });
    });
    this.#begin(known);
  }

  /** Writes the own profile into every group where it differs from what is shown now. */
  async spreadProfile(): Promise<void> {
    for (const group of this.all()) if (group.standing.kind === "member") await this.#spreadProfile(group);
  }

  async settled(): Promise<void> {
    await this.#taking.whenIdle();
    this.#taking.throwFault();
    await Promise.all(this.everything().map(async (group) => group.follower?.settled()));
  }

  async closed(): Promise<void> {
    await Promise.all(this.everything().map((group) => group.stop()));
  }

  async #load(stored: StoredGroup): Promise<void> {
    const id = toHex(stored.groupId);
    const news = {
      emit: this.#parts.emit,
      told: (change: GroupChange) => this.#told(id, change),
    };
    const held = await HeldGroup.load(this.#parts.store, news, stored);
    const group = new OpenGroup(this.#parts, held, (current) => this.#current(current));
    this.#groups.set(id, group);
    if (isOut(stored)) await orLater(held.change(giveUpWhenOut));
    this.#begin(group);
  }

  /** Follows a group, unless it is over; while others are being loaded, which may fail, not yet. */
  #begin(group: OpenGroup): void {
    if (this.#isLoaded && !isOut(group)) group.follow();
  }

  async #create(stored: StoredGroup): Promise<void> {
    await this.#parts.store.map(groups).put(toHex(stored.groupId), stored);
    await this.#load(stored);
    this.#parts.emit({ kind: "groups" });
  }

  /** A group that was left, or whose entering was begun before: the new key counts, and following begins anew. */
  async #comeBack(
    known: OpenGroup,
    {
      offered,
      stewardSeed,
      hold,
    }: { readonly offered: HeldEra; readonly stewardSeed: Uint8Array; readonly hold: boolean },
  ): Promise<void> {
    if (known.isIn && known.standing.kind === "member") return;
    const { stored } = known.held.snapshot;
    const isUnderWay = stored.standing.kind === "arriving" && stored.newcomer && known.follower?.isGoing === true;
    if (isUnderWay && (stored.newest ?? stored.offered)?.era === offered.era) return;
    await known.stop();
    const held = hold ? (stored.held ?? { before: stored.standing }) : null;
    await known.held.change(async (draft) => {
      draft.set({ offered, stewardSeed, held, standing: { kind: "arriving" }, newcomer: true, vaultEra: null });
    });
  }

  #entered(
    group: OpenGroup,
    result: CaughtUp | HallError,
  ): { readonly kind: "member" | "outside"; readonly group: OpenGroup } {
    if (result instanceof HallError) throw result;
    if (result.kind === "stuck")
      throw new HallError("server-lies", "the keys that came do not fit the group's chain as the hall shows it");
    return { kind: group.isIn ? "member" : "outside", group };
  }

  async #current(group: OpenGroup): Promise<void> {
    await this.#settleIn(group);
    for (const listener of this.#currents) listener(group);
  }

  /**
   * Everything is here: the newest era's key goes into the vault, a group that was arriving becomes a member's, the own profile is sent. Each
   * step is done once, and again after a crash.
   */
  async #settleIn(group: OpenGroup): Promise<void> {
    const { stored } = group.held.snapshot;
    if (!group.isIn || stored.newest === null || stored.held !== null) return;
    const asItStands = this.#inVault(group);
    if (stored.vaultEra === null) await this.#parts.vault.update(asItStands);
    else if (stored.vaultEra < stored.newest.era) await this.#parts.vault.note(asItStands);
    const { era } = stored.newest;
    const role = group.role;
    if (stored.vaultEra === era && stored.standing.kind === "member") return;
    await group.held.change(async (draft) => {
      draft.set({ vaultEra: Math.max(era, draft.stored.vaultEra ?? 0) });
      if (draft.stored.standing.kind !== "arriving" || role === null) return;
      draft.set({ standing: { kind: "member", role }, newcomer: false });
      if (stored.newcomer) await mergeReadBefore(draft, draft.stored.cursor);
      draft.tell("standing");
      draft.say({ kind: "groups" });
      draft.say({ kind: "group", groupId: draft.id });
    });
    if (stored.notebook) return;
    await this.#spreadProfile(group);
    if (stored.newcomer) for (const listener of this.#arrivals) listener(group);
  }

  async #spreadProfile(group: OpenGroup): Promise<void> {
    const profile = this.#parts.profile();
    const { identityKey } = this.#parts.account;
    const known = await this.#parts.store.map(profiles, group.groupId).get(toHex(identityKey));
    const waiting = (await group.outbox.items()).findLast(({ body }) => body.kind === "profile")?.body;
    const shown = waiting?.kind === "profile" ? waiting : known?.profile;
    if (shown !== undefined && sameProfile(shown, profile)) return;
    const { name, union, country, languages } = profile;
    await group.write({ kind: "profile", name, union, country, languages, committees: [], role: null });
  }

  /** Other devices, and a recovery, hear from the vault that a group was left. */
  async #noteGone(group: OpenGroup): Promise<void> {
    if (isOut(group)) await this.#parts.vault.note(this.#inVault(group));
  }

  /** What the vault becomes with a group as it stands at this moment. */
  #inVault({ held, identityKey }: OpenGroup): (content: VaultContent) => VaultContent {
    const { snapshot } = held;
    return (content) => withVaultGroup(content, snapshot, identityKey, this.#parts.clock.now());
  }

  #told(id: string, change: GroupChange): void {
    const group = this.find(id);
    if (group === null) return;
    if (change === "standing") this.#taking.background(() => this.#noteGone(group));
    for (const listener of this.#listeners) listener(group, change);
  }

  #required(id: string): OpenGroup {
    const group = this.find(id);
    if (group === null) throw new HallError("group-unknown", "there is no such group on this device");
    return group;
  }
}

/** What fails for want of room or network comes with the vault's next change or the next start; the account is open all the same. */
async function orLater(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof HallError)) throw error;
  }
}

function sameProfile(a: Profile, b: Profile): boolean {
  return (
    JSON.stringify([a.name, a.union, a.country, a.languages]) ===
    JSON.stringify([b.name, b.union, b.country, b.languages])
  );
}
