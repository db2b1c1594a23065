import { equalBytes, toHex } from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { HallError } from "../problems.ts";
import type { Groups, LoadedGroup } from "../sync/loaded-group.ts";
import { Lane } from "../sync/lane.ts";
import { orStopped } from "../stop.ts";
import { AdmissionWatches, isAsAsked, lookForAnswers, type Answer } from "./admission.ts";
import { isDeskThere, isPast, leaveRequest } from "./asked-desk.ts";
import { mayPass, type Attempt, type Errands } from "./errands.ts";
import { checkNote } from "./invite-rules.ts";
import { storedJoins, type StoredJoin } from "./invite-store.ts";
import type { JoinState } from "./invites-door.ts";
import {
  awaitedAnswer,
  errandOf,
  isByApproval,
  isLie,
  isLieAboutKey,
  isMember,
  isOfAnother,
  isOver,
  keptOf,
  shownJoin,
  takenUp,
  type ByApproval,
} from "./join-forms.ts";
import { newJoin } from "./new-join.ts";
import { followLink, parseInviteLink } from "./read-invite.ts";
import {
  joinStateIn,
  secretsGivenUp,
  waitingJoinsIn,
  withJoin,
  withJoinState,
  type KeptJoin,
} from "./vault-invites.ts";
import { walkIn } from "./walk-in.ts";

type JoinsParts = Pick<
  EngineParts,
  "origin" | "api" | "clock" | "random" | "account" | "vault" | "store" | "live" | "profile" | "emit" | "stop"
>;

/**
 * This account's own ways in that are under way (protocol section 7): stored first, then in the vault, then sent, then waited for; each step can
 * be repeated with the same bytes.
 */
export class Joins {
  readonly #parts: JoinsParts;
  readonly #groups: Groups;
  readonly #errands: Errands;
  readonly #lanes = new Map<string, Lane>();
  readonly #watches: AdmissionWatches;
  /** Secrets (hex) of instant invites by which another device of this account comes in: only that one has read the preview. */
  readonly #ofOthers = new Set<string>();
  /** Era keys (hex) that are none of the group's: each is tried once. */
  readonly #useless = new Set<string>();

  constructor(parts: JoinsParts, groups: Groups, errands: Errands) {
    this.#parts = parts;
    this.#groups = groups;
    this.#errands = errands;
    this.#watches = new AdmissionWatches(parts);
  }

  /** Goes on with whatever an earlier run, or another device, began. */
  async resume(): Promise<void> {
    await this.#followVault();
    for (const { value } of await this.#store().entries()) this.#goOnLater(value);
    this.#parts.vault.onChange(() => {
      this.#errands.run("joins in the vault", async () => {
        await this.#followVault();
        return "done";
      });
    });
  }

  /** Looks again at everything that waits: for once in a while. */
  async lookAgain(): Promise<void> {
    for (const { value } of await this.#store().entries()) this.#goOnLater(value);
  }

  /** Behind `InvitesDoor.join`. */
  async join(text: string, note: string): Promise<JoinState> {
    checkNote(note);
    const { groupId, secret } = parseInviteLink(text, this.#parts.origin);
    return this.#lane(toHex(groupId)).run(async () => {
      const stored = await this.#store().get(toHex(groupId));
      if (stored !== null && stored.state === "under-way" && equalBytes(stored.secret, secret))
        return this.#goOn(stored);
      const there = this.#alreadyIn(toHex(groupId), secret);
      if (there !== null) return there;
      const followed = await followLink(this.#parts, text);
      const join = await newJoin(this.#parts, followed, note);
      if (stored !== null) await this.#leaveOff(stored);
      await this.#store().put(toHex(groupId), join);
      this.#parts.emit({ kind: "joining" });
      return this.#goOn(join);
    });
  }

  /** Behind `InvitesDoor.joining`. */
  async joining(): Promise<readonly JoinState[]> {
    const entries = await this.#store().entries();
    return entries
      .map(({ value }) => value)
      .toSorted((a, b) => a.askedAt - b.askedAt)
      .flatMap((join) => (isByApproval(join) ? [shownJoin(join)] : []));
  }

  /** Behind `InvitesDoor.cancel`. */
  async cancel(groupId: string): Promise<void> {
    this.#errands.drop(errandOf(groupId));
    await this.#lane(groupId).run(async () => {
      const stored = await this.#store().get(groupId);
      if (stored !== null) await this.#leaveOff(stored);
    });
  }

  /** Null where this account is not in the group. @throws HallError `member-already` when it did not come in by this link */
  #alreadyIn(id: string, secret: Uint8Array): JoinState | null {
    const group = this.#groups.find(id);
    if (group === null || !isMember(group, this.#parts.account.identityKey)) return null;
    if (joinStateIn(this.#parts.vault.content(), secret) !== "done")
      throw new HallError("member-already", "this account is in the group already");
    return { kind: "member", groupId: id, groupName: group.name ?? "" };
  }

  /** In the group's lane: takes a stored join as far as it goes now. What does not end it goes on by itself: the request may lie at the desk. */
  async #goOn(join: StoredJoin): Promise<JoinState> {
    try {
      return isByApproval(join) ? await this.#ask(join) : await this.#walkIn(join);
    } catch (error) {
      if (!(error instanceof HallError) || this.#parts.stop.stopped) throw error;
      if (isLie(error, join) || isOver(error)) await this.#leaveOff(join);
      else {
        this.#goOnLater(join);
        if (isByApproval(join)) return shownJoin(join);
      }
      throw error;
    }
  }

  #goOnLater({ groupId }: StoredJoin): void {
    const id = toHex(groupId);
    this.#errands.run(errandOf(id), () => this.#lane(id).run(() => this.#attempt(id)));
  }

  async #attempt(id: string): Promise<Attempt> {
    const join = await this.#store().get(id);
    if (join === null || join.state === "refused") return "done";
    try {
      const state = isByApproval(join) ? await this.#ask(join) : await this.#walkIn(join);
      if (state.kind === "waiting") await this.#refuseIfOver(id);
      return "done";
    } catch (error) {
      if (this.#saysNothing(error)) return "again-later";
      if (!(error instanceof HallError) || this.#parts.stop.stopped || mayPass(error)) throw error;
      if (isByApproval(join)) await this.#refused(join);
      else await this.#leaveOff(join);
      return "done";
    }
  }

  /** A full device or a fault of this program says nothing about the invite: it goes on waiting. */
  #saysNothing(error: unknown): boolean {
    return error instanceof HallError && !this.#parts.stop.stopped && !mayPass(error) && !isOver(error);
  }

  async #ask(join: ByApproval): Promise<JoinState> {
    const group = this.#groups.find(toHex(join.groupId));
    if (group !== null && isMember(group, this.#parts.account.identityKey) && group.standing.kind === "member")
      return this.#finish(join, group);
    const kept = await this.#keepInVault(join);
    const sent = isByApproval(kept) ? await this.#send(kept) : join;
    this.#watch(sent);
    return (await this.#lookFor(sent)) ?? shownJoin(sent);
  }

  /** Null where no answer is there that leads anywhere. */
  async #lookFor(join: ByApproval): Promise<JoinState | null> {
    for (const answer of await lookForAnswers(this.#parts, awaitedAnswer(join))) {
      const state = await this.#take(join, answer);
      if (state !== null) return state;
    }
    return null;
  }

  async #walkIn(join: StoredJoin): Promise<JoinState> {
    const kept = await this.#keepInVault(join);
    const group = await walkIn(this.#parts, this.#groups, kept);
    return this.#finish(kept, group);
  }

  /** Another device, or this account recovered, must know of the steward key and the request before anybody else does. */
  async #keepInVault(join: StoredJoin): Promise<StoredJoin> {
    if (join.inVault) return join;
    const now = this.#parts.clock.now();
    await this.#parts.vault.update((content) => withJoin(content, keptOf(join), now));
    return this.#put({ ...join, inVault: true });
  }

  async #send(join: ByApproval): Promise<ByApproval> {
    if (join.way.unsent === null) return join;
    await leaveRequest(this.#parts, join, join.way.unsent);
    return this.#put({ ...join, way: { ...join.way, unsent: null } });
  }

  #watch(join: ByApproval): void {
    const id = toHex(join.groupId);
    const requestId = toHex(join.way.requestId);
    this.#watches.watch(awaitedAnswer(join), (answer) => {
      this.#errands.run(`answer ${id}`, () => this.#lane(id).run(() => this.#answered(id, requestId, answer)));
    });
  }

  async #answered(id: string, requestId: string, answer: Answer): Promise<Attempt> {
    const join = await this.#store().get(id);
    if (join === null || !isByApproval(join) || toHex(join.way.requestId) !== requestId) return "done";
    if (join.state !== "under-way") return "done";
    try {
      await this.#take(join, answer);
      return "done";
    } catch (error) {
      if (!this.#saysNothing(error)) throw error;
      return "again-later";
    }
  }

  /** Null when the answer leads nowhere: it goes on waiting. */
  async #take(join: ByApproval, answer: Answer): Promise<JoinState | null> {
    if (answer.kind === "refused") return this.#refused(join);
    const { number: era, eraKey } = answer.keys;
    if (this.#useless.has(toHex(eraKey))) return null;
    const { groupId, stewardSeed } = join;
    const { account, vault } = this.#parts;
    try {
      const input = { groupId, era, eraKey, stewardSeed, hold: true };
      const { kind, group } = await orStopped(this.#groups.enter(input), this.#parts.stop);
      const before = secretsGivenUp(vault.content(), groupId);
      if (kind === "member" && isAsAsked(group.state, join, account.identityKey, before)) {
        await orStopped(this.#groups.settleIn(group.id), this.#parts.stop);
        return await this.#finish(join, group);
      }
    } catch (error) {
      if (!(error instanceof HallError) || !isLieAboutKey(error)) throw error;
      this.#useless.add(toHex(eraKey));
    }
    // The key alone, from whomever, lets nobody in; the same one comes again with an admission.
    await this.#abandonHeld(groupId);
    return null;
  }

  async #abandonHeld(groupId: Uint8Array): Promise<void> {
    const group = this.#groups.find(toHex(groupId));
    if (group !== null && group.isHeld) await this.#groups.abandon(group.id);
  }

  async #finish(join: StoredJoin, group: LoadedGroup): Promise<JoinState> {
    await this.#end(join, "done");
    this.#parts.emit({ kind: "groups" });
    return { kind: "member", groupId: group.id, groupName: group.name ?? join.groupName };
  }

  /** Nothing of it is wanted or possible any more. */
  async #leaveOff(join: StoredJoin): Promise<void> {
    if (isOfAnother(join)) await this.#leaveToOthers(join);
    else await this.#end(join, "given-up");
    await this.#abandonHeld(join.groupId);
  }

  /** What another device of this account began stays its own to end. */
  async #leaveToOthers(join: StoredJoin): Promise<void> {
    this.#ofOthers.add(toHex(join.secret));
    await this.#store().delete(toHex(join.groupId));
  }

  async #end(join: StoredJoin, state: "done" | "given-up"): Promise<void> {
    const id = toHex(join.groupId);
    this.#watches.stop(id);
    await this.#parts.vault.note((content) => withJoinState(content, join.secret, state, this.#parts.clock.now()));
    await this.#store().delete(id);
    this.#parts.emit({ kind: "joining" });
  }

  /** Said until the person puts it away. */
  async #refused(join: ByApproval): Promise<JoinState> {
    const id = toHex(join.groupId);
    this.#watches.stop(id);
    const refused = { ...join, state: "refused" } as const;
    await this.#parts.vault.note((content) => withJoinState(content, join.secret, "given-up", this.#parts.clock.now()));
    await this.#put(refused);
    this.#parts.emit({ kind: "joining" });
    return shownJoin(refused);
  }

  /** An invite that is over is answered by nobody: its desk is gone, or its day has passed. */
  async #refuseIfOver(id: string): Promise<void> {
    const join = await this.#store().get(id);
    if (join === null || !isByApproval(join) || join.way.unsent !== null) return;
    if (!isPast(this.#parts, join) && (await isDeskThere(this.#parts, join))) return;
    // The last admission takes the desk with it: between looking for the answer and for the desk, it may have been this one.
    if ((await this.#lookFor(join)) === null) await this.#refused(join);
  }

  /** Takes up what another device of this account asked, and drops what another one has brought to its end. */
  async #followVault(): Promise<void> {
    for (const { id } of await this.#store().entries())
      await this.#lane(String(id)).run(async () => {
        // As it stands by now: while this waited, it may have been refused here, which is said until the person puts it away.
        const value = await this.#store().get(String(id));
        if (value === null) return;
        const state = joinStateIn(this.#parts.vault.content(), value.secret);
        const isEnded = value.inVault && value.state === "under-way" && (state === "done" || state === "given-up");
        if (!isEnded) return;
        // Another device of this account has looked at the way in.
        if (state === "done" && this.#groups.find(String(id))?.isHeld === true)
          await orStopped(this.#groups.settleIn(String(id)), this.#parts.stop);
        await this.#end(value, state);
      });
    for (const kept of waitingJoinsIn(this.#parts.vault.content()))
      await this.#lane(toHex(kept.groupId)).run(() => this.#takeUp(kept));
  }

  async #takeUp(kept: KeptJoin): Promise<void> {
    const id = toHex(kept.groupId);
    if (this.#ofOthers.has(toHex(kept.secret))) return;
    const isKnown = (await this.#store().get(id)) !== null;
    const group = this.#groups.find(id);
    if (isKnown || isPast(this.#parts, kept) || (group !== null && group.standing.kind === "member")) return;
    const join = takenUp(kept);
    await this.#put(join);
    this.#parts.emit({ kind: "joining" });
    this.#goOnLater(join);
  }

  async #put<J extends StoredJoin>(join: J): Promise<J> {
    await this.#store().put(toHex(join.groupId), join);
    return join;
  }

  #store() {
    return this.#parts.store.map(storedJoins);
  }

  #lane(id: string): Lane {
    const lane = this.#lanes.get(id) ?? new Lane();
    this.#lanes.set(id, lane);
    return lane;
  }
}
