/** Whether an invite is open, and what ends one (protocol sections 5 and 7). */
import { toHex } from "../primitives/bytes.ts";
import type { EraDueReason, GroupInvite, GroupState, InviteEndCause } from "./group-state.ts";
import type { OperationRefusal } from "./refusals.ts";

/** The invite of this id (16 bytes), open or not; undefined when the chain never held it. */
export function inviteOf(state: GroupState, id: Uint8Array): GroupInvite | undefined {
  return state.invites.get(toHex(id));
}

export function withInvite(state: GroupState, invite: GroupInvite): GroupState {
  return { ...state, invites: new Map(state.invites).set(toHex(invite.id), invite) };
}

/** Whether its link alone lets people in, without a facilitator (protocol section 7). */
export function isInstant(invite: GroupInvite): boolean {
  return invite.admission.kind === "instant";
}

/** Why nobody can come in by this invite at `moment` (milliseconds since 1970); null while it is open. */
export function closedReason(invite: GroupInvite, moment: number): OperationRefusal | null {
  if (invite.ended !== null) return "invite-ended";
  return moment >= invite.expiry ? "invite-expired" : null;
}

/** Instant invites that are open at `moment`: each new era is boxed to them. */
export function liveInstantInvites(state: GroupState, moment: number): readonly GroupInvite[] {
  return [...state.invites.values()].filter((invite) => isInstant(invite) && closedReason(invite, moment) === null);
}

/** Takes one use of an open invite; the last one ends it. */
export function withUseTaken(state: GroupState, invite: GroupInvite, index: number): GroupState {
  const used = { ...invite, usesLeft: invite.usesLeft - 1 };
  return used.usesLeft > 0 ? withInvite(state, used) : withEnded(state, used, index, "spent");
}

/** Ends an invite. Where it was an instant one, an era becomes due. */
export function withEnded(state: GroupState, invite: GroupInvite, index: number, cause: InviteEndCause): GroupState {
  const ended = withInvite(state, { ...invite, ended: { index, cause } });
  return isInstant(invite) ? withDue(ended, { kind: "invite-ended", index, invite: invite.id }) : ended;
}

/** Ends every invite that has not ended and of which `affects` says so. */
export function withAllEnded(
  state: GroupState,
  index: number,
  cause: InviteEndCause,
  affects: (invite: GroupInvite) => boolean,
): GroupState {
  let next = state;
  for (const invite of state.invites.values())
    if (invite.ended === null && affects(invite)) next = withEnded(next, invite, index, cause);
  return next;
}

export function withDue(state: GroupState, reason: EraDueReason): GroupState {
  return { ...state, eraDue: [...state.eraDue, reason] };
}
