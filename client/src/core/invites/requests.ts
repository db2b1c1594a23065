import { accountIdOf, accountOf, equalBytes, isIn, toHex } from "@unionhall/crypto";
import type { EngineParts } from "../engine.ts";
import { HallError } from "../problems.ts";
import type { Groups, LoadedGroup } from "../sync/loaded-group.ts";
import { orStopped } from "../stop.ts";
import type { Desks } from "./desks.ts";
import type { Attempt, Errands } from "./errands.ts";
import { openInvite } from "./invite-rules.ts";
import type { StoredRequest } from "./invite-store.ts";
import type { JoinRequest } from "./invites-door.ts";
import { layRefusal } from "./request-refusal.ts";

type RequestParts = Pick<EngineParts, "api" | "origin" | "clock" | "emit" | "stop">;

/** What a facilitator does with requests at the group's desks (protocol section 7). */
export class Requests {
  readonly #parts: RequestParts;
  readonly #groups: Groups;
  readonly #desks: Desks;
  readonly #errands: Errands;
  /** Groups that were brought up to date since the start, because somebody asked for their requests. */
  readonly #upToDate = new Set<string>();

  constructor(parts: RequestParts, groups: Groups, desks: Desks, errands: Errands) {
    this.#parts = parts;
    this.#groups = groups;
    this.#desks = desks;
    this.#errands = errands;
  }

  /** Behind `InvitesDoor.requests`. Waits until every desk has been read once, or cannot be. */
  async list(groupId: string): Promise<readonly JoinRequest[]> {
    const group = this.#groups.get(groupId);
    await this.#bringUpToDate(group);
    if (group.role !== "facilitator") return [];
    await this.#desks.readOnce(groupId);
    return this.#desks.shelf.open(group).map(shown);
  }

  /** Behind `InvitesDoor.approve`. */
  async approve(groupId: string, requestId: string): Promise<void> {
    const group = this.#facilitated(groupId);
    const request = this.#desks.shelf.find(groupId, requestId);
    if (request === null || request.state !== "open") throw unknownRequest();
    this.#mustBeOut(group, request);
    const inviteId = toHex(request.inviteId);
    openInvite(group.state, inviteId, this.#parts.clock.now());
    try {
      await orStopped(group.propose([admitting(request)]), this.#parts.stop);
    } catch (error) {
      // The chain went on meanwhile: it says best why not.
      if (error instanceof HallError && error.problem.startsWith("invite-"))
        openInvite(group.state, inviteId, this.#parts.clock.now());
      throw error;
    }
    await this.#clearAway(group, request);
  }

  /** Behind `InvitesDoor.refuse`: remembered at once, carried out as soon as the hall can be reached. */
  async refuse(groupId: string, requestId: string): Promise<void> {
    const group = this.#facilitated(groupId);
    const { shelf } = this.#desks;
    const request = shelf.find(groupId, requestId);
    if (request === null || request.state !== "open") throw unknownRequest();
    // With it go earlier ones of the same guest by the same invite: they would only come up in its place.
    for (const { requestId: id, inviteId, state } of shelf.of(groupId, request.identityKey))
      if (state === "open" && equalBytes(inviteId, request.inviteId))
        await shelf.change(group, id, (now) => ({ ...now, state: "refusing" }));
    this.#tell(groupId);
    this.#carryOutRefusals(group);
  }

  /** Goes on with refusals that were not carried out. */
  resume(group: LoadedGroup): void {
    if (group.role === "facilitator") this.#carryOutRefusals(group);
  }

  #carryOutRefusals(group: LoadedGroup): void {
    for (const request of this.#desks.shelf.refusing(group.id))
      this.#errands.run(`refuse ${toHex(request.requestId)}`, () => this.#carryOutRefusal(group, request));
  }

  async #carryOutRefusal(group: LoadedGroup, request: StoredRequest): Promise<Attempt> {
    const reader = this.#desks.readerOf(group.id, toHex(request.inviteId));
    await layRefusal(this.#parts, group, request.requestId);
    await reader?.takeOut(request.seq);
    await this.#desks.shelf.change(group, request.requestId, (now) => ({ ...now, state: "refused" }));
    return "done";
  }

  /** Who is in has no more to ask, by whichever invite. */
  async #clearAway(group: LoadedGroup, { identityKey }: StoredRequest): Promise<void> {
    for (const request of this.#desks.shelf.of(group.id, identityKey)) {
      const reader = this.#desks.readerOf(group.id, toHex(request.inviteId));
      await this.#desks.shelf.change(group, request.requestId, () => null);
      if (reader === null) continue;
      this.#errands.run(`take out ${toHex(request.requestId)}`, async () => {
        await reader.takeOut(request.seq);
        return "done";
      });
    }
    this.#tell(group.id);
  }

  #facilitated(groupId: string): LoadedGroup {
    const group = this.#groups.get(groupId);
    if (group.role !== "facilitator") throw new HallError("not-a-facilitator", "only facilitators answer requests");
    return group;
  }

  #mustBeOut({ state }: LoadedGroup, { identityKey }: StoredRequest): void {
    const account = accountOf(state, identityKey);
    if (account !== undefined && isIn(account)) throw new HallError("member-already", "they are in the group already");
  }

  /** A program that runs for one command has not heard of what came since its last one. */
  async #bringUpToDate(group: LoadedGroup): Promise<void> {
    if (this.#upToDate.has(group.id)) return;
    try {
      await orStopped(group.caughtUp(), this.#parts.stop);
      this.#upToDate.add(group.id);
      await this.#desks.follow(group);
    } catch (error) {
      // Offline: what is kept here is shown.
      if (!(error instanceof HallError)) throw error;
    }
  }

  #tell(groupId: string): void {
    this.#parts.emit({ kind: "invites", groupId });
    this.#parts.emit({ kind: "groups" });
  }
}

/** The role is the least there is: what an invite may give beyond it, a facilitator gives knowingly, later. */
function admitting({ identityKey, statements, stewardKey, inviteId, requestId }: StoredRequest) {
  return {
    kind: "admit",
    identityKey,
    statements,
    stewardKey,
    role: "member",
    invite: inviteId,
    request: requestId,
  } as const;
}

function shown({
  requestId,
  inviteId,
  identityKey,
  name,
  union,
  note,
  checkWords,
  receivedAt,
}: StoredRequest): JoinRequest {
  return {
    requestId: toHex(requestId),
    inviteId: toHex(inviteId),
    accountId: toHex(accountIdOf(identityKey)),
    name,
    union,
    note,
    checkWords,
    receivedAt,
  };
}

function unknownRequest(): HallError {
  return new HallError("request-unknown", "there is no such request");
}
