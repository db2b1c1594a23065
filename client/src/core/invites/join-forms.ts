import type { HallError, HallProblem } from "../problems.ts";
import { accountOf, isIn, toHex } from "@unionhall/crypto";
import type { LoadedGroup } from "../sync/loaded-group.ts";
import type { JoinWay, StoredJoin } from "./invite-store.ts";
import type { JoinState } from "./invites-door.ts";
import type { KeptJoin } from "./vault-invites.ts";

/** A join in its several forms: on this device, in the vault, at the door. */

export type ByApproval = StoredJoin & { readonly way: Extract<JoinWay, { readonly kind: "approval" }> };

export function isByApproval(join: StoredJoin): join is ByApproval {
  return join.way.kind === "approval";
}

/** Whether an account (identity key, 32 bytes) is in the group, by the chain as far as it is here. */
export function isMember({ state }: LoadedGroup, identityKey: Uint8Array): boolean {
  const account = accountOf(state, identityKey);
  return account !== undefined && isIn(account);
}

export function shownJoin({ groupId, groupName, inviterName, way, askedAt, state }: ByApproval): JoinState {
  const id = toHex(groupId);
  if (state === "refused") return { kind: "refused", groupId: id, groupName };
  return { kind: "waiting", groupId: id, groupName, inviterName, checkWords: way.checkWords, askedAt };
}

export function keptOf(join: StoredJoin): KeptJoin {
  const { groupId, secret, stewardSeed, way, groupName, inviterName, askedAt, expiry } = join;
  const asked =
    way.kind === "approval"
      ? { requestId: way.requestId, checkWords: way.checkWords }
      : { requestId: null, checkWords: [] };
  return { groupId, secret, stewardSeed, groupName, inviterName, askedAt, expiry, ...asked };
}

/** What another device began, as this one goes on with it. */
export function takenUp({ requestId, checkWords, ...kept }: KeptJoin): StoredJoin {
  const way: JoinWay =
    requestId === null ? { kind: "instant" } : { kind: "approval", requestId, checkWords, unsent: null };
  return { ...kept, preview: null, way, inVault: true, state: "under-way" };
}

/** What the answer to a request is looked for under. */
export function awaitedAnswer({ groupId, way }: ByApproval): {
  readonly groupId: Uint8Array;
  readonly requestId: Uint8Array;
} {
  return { groupId, requestId: way.requestId };
}

/** Taken up out of the vault, without the preview that whoever walks in holds the group's chain against. */
export function isOfAnother(join: StoredJoin): boolean {
  return join.preview === null && !isByApproval(join);
}

/** @param id the group's, in hex */
export const errandOf = (id: string): string => `join ${id}`;

/** By an instant invite the hall's answer is all there is to go on; while waiting, the next one may be better. */
export function isLie({ problem }: HallError, join: StoredJoin): boolean {
  return problem === "server-lies" && !isByApproval(join);
}

export function isLieAboutKey({ problem }: HallError): boolean {
  return problem === "server-lies" || problem === "invite-forged";
}

/** Whether nothing can come of a way in any more: its invite, its request or its group is over. */
export function isOver({ problem }: HallError): boolean {
  return problem.startsWith("invite-") || over.has(problem);
}

const over: ReadonlySet<HallProblem> = new Set(["group-unknown", "group-full", "request-refused", "member-already"]);
