import { inviteLinkText, invitesToEnd, linkKeys, toHex, type GroupInvite } from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import type { InvitesMaker, InvitesPart } from "../groups/engine.ts";
import { HallError } from "../problems.ts";
import type { GroupChange, Groups, LoadedGroup } from "../sync/loaded-group.ts";
import { orStopped } from "../stop.ts";
import { Desks } from "./desks.ts";
import { Errands, mayPass, type Attempt } from "./errands.ts";
import { stateOf } from "./invite-rules.ts";
import { invitePlans } from "./invite-store.ts";
import type { Invite, InvitesDoor, MakeInvite } from "./invites-door.ts";
import { Joins } from "./joins.ts";
import { goOnWithPlan, makeInviteFor } from "./make-invite.ts";
import { readInvite } from "./read-invite.ts";
import { Requests } from "./requests.ts";
import { invitesIn, withInviteEnded, type KeptInvite } from "./vault-invites.ts";

/** Looks at expiries and at what waits for an answer this often. */
const roundMilliseconds = 10 * 60 * 1000;
/** Facilitators' programs end an expired invite after a random pause of at most this, so that not all do it at once. */
const endingPauseMilliseconds = 60 * 1000;

/** How invites plug into the engine. */
export const invites: InvitesMaker = { readInvite, open: openInvites };

/** Opens the invites of an account whose groups are loaded. Needs no network. */
export async function openInvites(parts: EngineParts, groups: Groups): Promise<InvitesPart> {
  const opened = new OpenInvites(parts, groups);
  await opened.start();
  return opened;
}

class OpenInvites implements InvitesPart {
  readonly door: InvitesDoor;
  readonly #parts: EngineParts;
  readonly #groups: Groups;
  readonly #errands: Errands;
  readonly #desks: Desks;
  readonly #requests: Requests;
  readonly #joins: Joins;
  /** Ids of invites (hex) by the secrets of their links (hex). */
  readonly #ids = new Map<string, string>();
  /** From when on expired invites of a group are ended by this program, by the group's id. */
  readonly #endings = new Map<string, number>();
  #rounds: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts, groups: Groups) {
    this.#parts = parts;
    this.#groups = groups;
    this.#errands = new Errands(parts);
    this.#desks = new Desks(parts, groups, this.#errands);
    this.#requests = new Requests(parts, groups, this.#desks, this.#errands);
    this.#joins = new Joins(parts, groups, this.#errands);
    this.door = this.#makeDoor();
  }

  async start(): Promise<void> {
    for (const group of this.#groups.all()) await this.#desks.follow(group);
    await this.#resumePlans();
    for (const group of this.#groups.all()) {
      this.#requests.resume(group);
      this.#endExpired(group);
    }
    await this.#joins.resume();
    const forget = this.#groups.onChange((group, change) => this.#changed(group, change));
    this.#parts.stop.onStop(forget);
    this.#rounds = this.#keepRounds();
  }

  async openRequests(groupId: string): Promise<number> {
    return this.#desks.shelf.count(groupId);
  }

  settled(): Promise<void> {
    return this.#errands.settled();
  }

  async closed(): Promise<void> {
    await this.#rounds;
    await this.#errands.ended();
  }

  #makeDoor(): InvitesDoor {
    return {
      preview: async (link) => (await readInvite(this.#parts, link)).preview,
      join: (link, { note }) => this.#joins.join(link, note),
      joining: () => this.#joins.joining(),
      cancel: (groupId) => this.#joins.cancel(groupId),
      make: (groupId, input) => this.#make(groupId, input),
      list: (groupId) => this.#list(groupId),
      end: (groupId, inviteId) => this.#end(groupId, inviteId),
      requests: (groupId) => this.#requests.list(groupId),
      approve: (groupId, requestId) => this.#requests.approve(groupId, requestId),
      refuse: (groupId, requestId) => this.#requests.refuse(groupId, requestId),
    };
  }

  async #make(groupId: string, input: MakeInvite): Promise<Invite> {
    const group = this.#groups.get(groupId);
    const id = toHex(await makeInviteFor(this.#making(), group, input));
    const made = (await this.#list(groupId)).find(({ inviteId }) => inviteId === id);
    if (made === undefined) throw new HallError("invite-unknown", "the invite was ended at once");
    return made;
  }

  /** The newest first. */
  async #list(groupId: string): Promise<readonly Invite[]> {
    const group = this.#groups.get(groupId);
    const kept = new Map(invitesIn(this.#parts.vault.content(), group.groupId).map((one) => [this.#idOf(one), one]));
    const newest = [...group.state.invites.entries()].toSorted(([, a], [, b]) => b.since - a.since);
    return Promise.all(newest.map(([id, invite]) => this.#shown(group, id, invite, kept.get(id) ?? null)));
  }

  async #shown(group: LoadedGroup, inviteId: string, invite: GroupInvite, kept: KeptInvite | null): Promise<Invite> {
    const { origin, clock } = this.#parts;
    return {
      inviteId,
      link: kept === null ? null : inviteLinkText({ origin, groupId: group.groupId, secret: kept.secret }),
      mode: invite.admission.kind,
      uses: invite.uses,
      usesLeft: invite.usesLeft,
      expiresAt: invite.expiry,
      madeBy: await group.personName(invite.maker),
      note: kept?.note ?? "",
      state: stateOf(invite, clock.now()),
    };
  }

  async #end(groupId: string, inviteId: string): Promise<void> {
    const group = this.#groups.get(groupId);
    if (group.role !== "facilitator") throw new HallError("not-a-facilitator", "only facilitators end invites");
    const invite = group.state.invites.get(inviteId);
    if (invite === undefined) throw new HallError("invite-unknown", "the group has no such invite");
    await orStopped(group.propose([{ kind: "end-invite", id: invite.id }]), this.#parts.stop);
    const kept = invitesIn(this.#parts.vault.content(), group.groupId).find((one) => this.#idOf(one) === inviteId);
    if (kept === undefined) return;
    await this.#parts.vault.note((content) => withInviteEnded(content, kept.secret, this.#parts.clock.now()));
  }

  #idOf({ groupId, secret }: KeptInvite): string {
    const name = toHex(secret);
    const id = this.#ids.get(name) ?? toHex(linkKeys(groupId, secret).inviteId);
    this.#ids.set(name, id);
    return id;
  }

  #changed(group: LoadedGroup, change: GroupChange): void {
    if (change === "records") return;
    this.#errands.run(`follow ${group.id}`, async () => {
      if (this.#groups.find(group.id) === null) this.#desks.forget(group.id);
      else await this.#desks.follow(group);
      return "done";
    });
    this.#endExpired(group);
  }

  async #resumePlans(): Promise<void> {
    const plans = await this.#parts.store.map(invitePlans).entries();
    for (const { value } of plans) {
      const group = this.#groups.find(toHex(value.groupId));
      if (group !== null) goOnWithPlan(this.#making(), group, value);
    }
  }

  #making(): Parameters<typeof goOnWithPlan>[0] {
    return { ...this.#parts, errands: this.#errands };
  }

  async #keepRounds(): Promise<void> {
    const { clock, stop } = this.#parts;
    while ((await clock.sleep(roundMilliseconds, stop)) === "slept") {
      for (const group of this.#groups.all()) {
        this.#endExpired(group);
        this.#errands.run(`follow ${group.id}`, async () => {
          await this.#desks.followAgain(group);
          return "done";
        });
      }
      await this.#joins.lookAgain().catch(() => {});
    }
  }

  /**
   * Facilitators' programs put the end of an expired invite into the chain (protocol section 5, Time), after a pause by chance from its expiry on.
   */
  #endExpired(group: LoadedGroup): void {
    if (group.role !== "facilitator" || this.#expired(group).length === 0) return;
    this.#errands.run(`expired ${group.id}`, () => this.#endExpiredLater(group));
  }

  async #endExpiredLater(group: LoadedGroup): Promise<Attempt> {
    const { clock, random, stop } = this.#parts;
    const chance = (random(1)[0] ?? 0) / 256;
    const notBefore = this.#endings.get(group.id) ?? this.#expiredSince(group) + chance * endingPauseMilliseconds;
    this.#endings.set(group.id, notBefore);
    if (clock.now() < notBefore) return "again-later";
    this.#endings.delete(group.id);
    const acts = this.#expired(group).map((id) => ({ kind: "end-invite", id }) as const);
    if (acts.length === 0 || stop.stopped || group.role !== "facilitator") return "done";
    try {
      await orStopped(group.propose(acts.slice(0, 16)), stop);
    } catch (error) {
      if (mayPass(error)) throw error;
    }
    return this.#expired(group).length === 0 ? "done" : "again-later";
  }

  #expiredSince(group: LoadedGroup): number {
    const expiries = this.#expired(group).flatMap((id) => group.state.invites.get(toHex(id))?.expiry ?? []);
    return Math.min(this.#parts.clock.now(), ...expiries);
  }

  #expired({ state }: LoadedGroup): readonly Uint8Array[] {
    return invitesToEnd(state, this.#parts.clock.now());
  }
}
