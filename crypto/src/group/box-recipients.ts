/** To whom an era is boxed (protocol section 5, Boxes): read off the state, for every era that it knows. */
import type { GroupAccount, GroupEra, GroupInvite, GroupState, Stay } from "./group-state.ts";

interface RecipientKeys {
  /** X-Wing, 1216 bytes. */
  readonly boxKey: Uint8Array;
  /** The entry whose boxes this one is among. */
  readonly index: number;
}

export type BoxRecipient =
  | (RecipientKeys & { readonly kind: "account"; readonly identityKey: Uint8Array; readonly labelKey: Uint8Array })
  /** The same account once more, under the label that its guest's page waits for. */
  | (RecipientKeys & { readonly kind: "request"; readonly identityKey: Uint8Array; readonly request: Uint8Array })
  | (RecipientKeys & { readonly kind: "invite"; readonly invite: Uint8Array; readonly labelKey: Uint8Array });

/**
 * Everybody who receives a box of an era: who is in after the entry that starts it, instant invites that are open
 * then, and whoever and whatever comes later in it.
 */
export function boxRecipients(state: GroupState, era: GroupEra): readonly BoxRecipient[] {
  const until = state.eras[era.number + 1]?.startIndex ?? Number.POSITIVE_INFINITY;
  const span: EraSpan = { from: era.startIndex, until, moment: era.moment };
  return [
    ...[...state.accounts.values()].flatMap((account) => recipientsOfAccount(account, span)),
    ...[...state.invites.values()].flatMap((invite) => recipientsOfInvite(invite, span)),
  ];
}

/** Those whose boxes go with the entry `index`: all of its era where it starts one, else those whom it brings in. */
export function boxRecipientsOfEntry(state: GroupState, index: number): readonly BoxRecipient[] {
  const era = state.eras.findLast(({ startIndex }) => startIndex <= index);
  return era === undefined ? [] : boxRecipients(state, era).filter((recipient) => recipient.index === index);
}

/**
 * Eras whose boxes stay on the server: the newest, and each one that a returning device cannot reach by a link
 * because the link after it hands on no content. Those that a `cut` took are gone (`erasCut`).
 */
export function erasWithBoxes({ eras }: GroupState): readonly GroupEra[] {
  return eras.filter(({ number }) => !(eras[number + 1]?.linksContent ?? false));
}

interface EraSpan {
  readonly from: number;
  readonly until: number;
  readonly moment: number;
}

function recipientsOfAccount(account: GroupAccount, span: EraSpan): readonly BoxRecipient[] {
  return account.stays.flatMap((stay) => {
    const index = Math.max(stay.from, span.from);
    const boxKey = account.boxKeys.findLast(({ since }) => since <= index)?.boxKey;
    const isIn = index < span.until && (stay.until === null || stay.until > index);
    if (!isIn || boxKey === undefined) return [];
    const { identityKey } = account;
    const ordinary = {
      kind: "account",
      identityKey,
      boxKey: boxKey.publicKey,
      labelKey: boxKey.labelKey,
      index,
    } as const;
    return [ordinary, ...requestRecipient(stay, { identityKey, boxKey: boxKey.publicKey, index })];
  });
}

function requestRecipient(
  { came, from }: Stay,
  to: { readonly identityKey: Uint8Array; readonly boxKey: Uint8Array; readonly index: number },
): readonly BoxRecipient[] {
  if (came.kind !== "admitted" || came.request === null || from !== to.index) return [];
  return [{ kind: "request", ...to, request: came.request }];
}

function recipientsOfInvite(invite: GroupInvite, span: EraSpan): readonly BoxRecipient[] {
  if (invite.admission.kind !== "instant") return [];
  const index = Math.max(invite.since, span.from);
  const isOpen = index < span.until && (invite.ended === null || invite.ended.index > index);
  const hasExpired = invite.since <= span.from && span.moment >= invite.expiry;
  if (!isOpen || hasExpired) return [];
  const { boxKey, labelKey } = invite.admission.keys;
  return [{ kind: "invite", invite: invite.id, boxKey, labelKey, index }];
}
