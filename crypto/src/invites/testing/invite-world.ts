/** One invite with two facilitators and a guest, all from fixed seeds. */
import { statementsOf } from "../../account/account-state.ts";
import { emptyGroup, type GroupInvite, type GroupState } from "../../group/group-state.ts";
import { toHex } from "../../primitives/bytes.ts";
import { labelledHash } from "../../primitives/labelled-hash.ts";
import { testAccount, type TestAccount } from "../../testing/accounts.ts";
import { seededRandom } from "../../testing/seeded-random.ts";
import { boxKeyHash } from "../../account/statements.ts";
import type { JoinRequest } from "../join-request.ts";
import { type InvitePlan, type MadeInvite, makeInvite } from "../make-invite.ts";

export const groupId: Uint8Array = labelledHash("test-group");
export const ana: TestAccount = testAccount("ana");
export const bongani: TestAccount = testAccount("bongani");
export const guest: TestAccount = testAccount("guest");
export const inviteTime = 1_700_000_000_000;

/** A plan with everything that a test does not care about. */
export function planOf(changes: Partial<InvitePlan> = {}): InvitePlan {
  return {
    groupId,
    groupName: "Waste services",
    inviterName: "Ana",
    inviter: ana.keys.identity.publicKey,
    rules: { history: "all", retentionDays: null },
    admission: "approval",
    expiry: inviteTime + 7 * 86_400_000,
    uses: 3,
    presets: { role: "member", union: null, language: null, note: null },
    tickets: [labelledHash("ticket", 1), labelledHash("ticket", 2), labelledHash("ticket", 3)],
    facilitators: [ana, bongani].map((one) => ({
      identityKey: one.keys.identity.publicKey,
      boxKey: one.boxKey.public.publicKey,
    })),
    ...changes,
  };
}

export function inviteOf(changes: Partial<InvitePlan> = {}, seed = "invite"): MadeInvite {
  return makeInvite(planOf(changes), seededRandom(seed));
}

/** A guest's request to come in by this invite. */
export function requestOf(made: MadeInvite, changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    groupId,
    inviteId: made.keys.inviteId,
    identityKey: guest.keys.identity.publicKey,
    device: guest.device.signing.publicKey,
    boxKeyHash: boxKeyHash(guest.boxKey.public),
    stewardKey: labelledHash("steward"),
    statements: statementsOf(guest.state).map((wire) => ({ ...wire, details: null })),
    name: "Gül",
    union: null,
    language: "tr",
    note: "",
    time: inviteTime,
    ...changes,
  };
}

/** A group in whose chain this invite stands. */
export function groupWith(made: MadeInvite, changes: Partial<GroupInvite> = {}): GroupState {
  const { kind: _, ...operation } = made.operation;
  const invite: GroupInvite = {
    ...operation,
    maker: ana.keys.identity.publicKey,
    since: 3,
    usesLeft: operation.uses,
    ended: null,
    ...changes,
  };
  return { ...emptyGroup(groupId), invites: new Map([[toHex(invite.id), invite]]) };
}
