/**
 * Why an entry is void (protocol section 5): the closed list, in the order in which `applyEntry` asks. The first
 * that holds is the verdict.
 */
export type RefusalReason =
  | MisplacedReason
  /** The sealed text is over 1 MiB. */
  | "too-large"
  /** Not sealed under the chain key of the era its wire names, or of no era that this group had by then. */
  | "does-not-open"
  /** Not the strict encoding of a signed entry, or a field is outside its limits. */
  | "malformed"
  | "unknown-version"
  /** Group, index or era inside are not those of the wire. */
  | "differs-from-wire"
  | "wrong-previous-hash"
  /** Sealed under an era that is no longer the newest. */
  | "stale-era"
  | AccountFault
  /** Signed by a device that no statement of its author certifies. */
  | "device-not-certified"
  | "device-revoked"
  | "signature-invalid"
  | OperationRefusal
  /** Nobody would be left to admit, remove and start eras. */
  | "no-facilitator-left";

/** The item does not belong in this place at all: it takes no index, and state and head stay as they are. */
export type MisplacedReason = "other-group" | "other-index";

/** What is wrong with the statements offered for an account, or with a key that something would be boxed to. */
export type AccountFault =
  /** Not a statement of this account's identity key, or a box key in it is missing or another. */
  | "statement-invalid"
  /** A box key that nothing can be boxed to, or a label key of low order. */
  | "unusable-key"
  | "too-many-devices"
  | "too-many-revocations"
  | "too-many-box-keys";

/** Why one operation fails, and with it its whole entry. */
export type OperationRefusal =
  /** `found` anywhere but first in the first entry, or a first entry that does not begin with it and end with era 0. */
  | "first-entry-form"
  /** Something stands after `leave`, after the revocation of the signing device, or other than `era` after one's own demotion. */
  | "nothing-may-follow"
  /** `era` is not the last operation. */
  | "era-not-last"
  | "not-a-member"
  | "not-a-facilitator"
  /** The account that the operation is about is not in the group. */
  | "target-not-in"
  | "target-already-in"
  | "removes-oneself"
  | "group-full"
  /** The account has no box key, so nothing could be boxed to it. */
  | "no-box-key"
  /** A steward key that another account has, or that was replaced or struck. */
  | "steward-key-used"
  /** A revoking update of one's own account without a new steward key. */
  | "steward-key-missing"
  /** A steward key given for somebody else's account. */
  | "steward-key-of-another"
  /** A device is revoked by somebody who is neither the account nor a facilitator. */
  | "revocation-by-another"
  /** Standing is taken away without last words. */
  | "last-words-missing"
  /** Last words where nothing is taken away, or of a device that is not affected. */
  | "last-words-misplaced"
  | "invite-unknown"
  | "invite-id-used"
  | "invite-ended"
  | "invite-expired"
  /** `end-invite` by somebody who is no facilitator, while the invite is open. */
  | "invite-still-open"
  | "invite-not-instant"
  /** Admitted to a higher role than the invite gives. */
  | "role-above-invite"
  /** More than 50 uses or 7 days, a facilitator's role, or under history `from-joining`. */
  | "instant-invite-limits"
  | "request-signature-invalid"
  /** Removed accounts come back only by `admit`. */
  | "removed-before"
  | "cut-in-future"
  /** An era that does not follow the newest. */
  | "wrong-era-number"
  /** Something that takes access away at once, and no `era` in the entry. */
  | "era-missing";
