/** Making an invite, and checking on the way in that the chain holds it (protocol section 7). */
import type { GroupInvite, GroupState } from "../group/group-state.ts";
import type { OperationOf, Presets, Rules } from "../group/operations.ts";
import { equalBytes, type Random, toHex } from "../primitives/bytes.ts";
import { boxDeskKeys, type DeskKeys, type DeskRecipient, newDeskKeys } from "./desk-keys.ts";
import { linkKeys, type LinkKeys } from "./link-keys.ts";
import { type Preview, sealPreview, secretOf } from "./preview.ts";

/** What a facilitator decides about an invite, and what the guest will be shown. */
export interface InvitePlan {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  readonly groupName: string;
  readonly inviterName: string;
  /** 32 bytes: the maker's identity key. */
  readonly inviter: Uint8Array;
  readonly rules: Rules;
  readonly admission: "approval" | "instant";
  /** Milliseconds since 1970. */
  readonly expiry: number;
  readonly uses: number;
  readonly presets: Presets;
  /** Registration tickets (32 bytes each) on a closed hall: one per use, at most 2,000. */
  readonly tickets: readonly Uint8Array[];
  /** Everybody who is to read requests. */
  readonly facilitators: readonly DeskRecipient[];
}

/** A new invite: what goes into the link, onto the chain and to the server. */
export interface MadeInvite {
  /** 16 bytes: with the hall's origin and the group id, the link. */
  readonly secret: Uint8Array;
  readonly keys: LinkKeys;
  readonly deskKeys: DeskKeys;
  readonly preview: Preview;
  /** What the server keeps beside the desk's mailbox `keys.deskId`. */
  readonly sealedPreview: Uint8Array;
  /** For the group's chain. */
  readonly operation: OperationOf<"invite">;
}

/** Makes an invite. @throws {EncodingError} when a field of the plan is outside its limits */
export function makeInvite(plan: InvitePlan, random: Random): MadeInvite {
  const { facilitators, ...shown } = plan;
  const deskKeys = newDeskKeys(random);
  const preview: Preview = {
    ...shown,
    random: random(32),
    deskBoxKey: deskKeys.boxKey.publicKey,
    deskReadKey: deskKeys.readKey.publicKey,
  };
  const secret = secretOf(preview);
  const keys = linkKeys(plan.groupId, secret);
  const place = { groupId: plan.groupId, inviteId: keys.inviteId };
  return {
    secret,
    keys,
    deskKeys,
    preview,
    sealedPreview: sealPreview(preview),
    operation: {
      kind: "invite",
      id: keys.inviteId,
      admission: admissionOf(plan.admission, keys),
      expiry: plan.expiry,
      uses: plan.uses,
      presets: plan.presets,
      requestKey: keys.requestKey.publicKey,
      desk: {
        mailboxId: keys.deskId,
        boxKey: deskKeys.boxKey.publicKey,
        readKey: deskKeys.readKey.publicKey,
        boxes: boxDeskKeys(deskKeys, place, facilitators, random),
      },
    },
  };
}

/** Why an invite does not let a guest in, by the chain that the guest was shown. */
export type InviteFault =
  /** the chain does not hold it: another group, or one that was made to look like it */
  | "not-in-chain"
  /** the chain holds one of this id that is another: other keys, desk, maker or terms than the preview's */
  | "differs-from-preview"
  | "ended"
  | "expired"
  | "spent";

/**
 * Whether the chain holds this link's invite, as the preview showed it, and still open. Null where all is well.
 * `now` in milliseconds since 1970.
 */
export function inviteFault(group: GroupState, keys: LinkKeys, preview: Preview, now: number): InviteFault | null {
  const invite = group.invites.get(toHex(keys.inviteId));
  if (invite === undefined) return "not-in-chain";
  if (!isAsShown(invite, keys, preview)) return "differs-from-preview";
  if (invite.ended !== null) return invite.ended.cause === "spent" ? "spent" : "ended";
  return Math.max(now, group.facilitatorTime) >= invite.expiry ? "expired" : null;
}

function isAsShown(invite: GroupInvite, keys: LinkKeys, preview: Preview): boolean {
  const { desk, presets } = invite;
  return (
    invite.admission.kind === preview.admission &&
    areOwnKeys(invite, keys) &&
    equalBytes(invite.maker, preview.inviter) &&
    equalBytes(desk.mailboxId, keys.deskId) &&
    equalBytes(desk.boxKey, preview.deskBoxKey) &&
    equalBytes(desk.readKey, preview.deskReadKey) &&
    invite.expiry === preview.expiry &&
    invite.uses === preview.uses &&
    presets.role === preview.presets.role &&
    presets.union === preview.presets.union &&
    presets.language === preview.presets.language &&
    presets.note === preview.presets.note
  );
}

function areOwnKeys({ requestKey, admission }: GroupInvite, keys: LinkKeys): boolean {
  if (!equalBytes(requestKey, keys.requestKey.publicKey)) return false;
  return (
    admission.kind === "approval" ||
    (equalBytes(admission.keys.boxKey, keys.boxKey.publicKey) &&
      equalBytes(admission.keys.labelKey, keys.labelKey.publicKey))
  );
}

function admissionOf(admission: InvitePlan["admission"], keys: LinkKeys): OperationOf<"invite">["admission"] {
  return admission === "approval"
    ? { kind: "approval" }
    : { kind: "instant", keys: { boxKey: keys.boxKey.publicKey, labelKey: keys.labelKey.publicKey } };
}
