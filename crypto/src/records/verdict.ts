/** What a reader makes of a record (protocol section 6): closed lists that the interface translates, one sentence each. */
import type { RecordRefusal } from "./record-types.ts";

export type Verdict =
  /** It counts. */
  | { readonly kind: "counted"; readonly marks: readonly Mark[] }
  /** It would count, and a newer version of the program made it: kept, shown as such. */
  | { readonly kind: "newer-version" }
  /** It does not count and is shown as refused, with this reason. */
  | { readonly kind: "refused"; readonly reason: RefusedReason }
  /** It cannot be judged by what is held; it does not count until it can. */
  | { readonly kind: "waiting"; readonly reason: WaitingReason }
  /** That there was a record can be seen, not what it said. */
  | { readonly kind: "closed"; readonly reason: ClosedReason };

/** What is said beside a record that counts. */
export type Mark =
  /** It arrived after its era had ended. */
  | "arrived-late"
  /** Its device used this number for another record too: a copied device, or one that lies. */
  | "number-reused"
  /** The record that its author wrote before it is missing here: withheld, or still on its way. */
  | "gap-before";

export type RefusedReason =
  | RecordRefusal
  /** No statement of its author certifies the device that signed it. */
  | "device-not-certified"
  /** The device was revoked before it wrote this. */
  | "device-revoked"
  /** Its author was not in the group at the place in the chain where it says it was written. */
  | "not-a-member"
  /** Only facilitators may do this, and its author was none at that place. */
  | "not-a-facilitator"
  /** It was written on another chain than the one seen here: the group was shown in two versions. */
  | "other-chain"
  /** It was written in another era than that of its seal. */
  | "outside-era"
  /** It says it was written earlier in the chain than the record its author wrote before it. */
  | "head-below-previous"
  /** The record it names as its author's previous one is another device's or has another number. */
  | "previous-untrue"
  /** It is not among the records accepted when its author or device lost standing: dated back. */
  | "beyond-last-words"
  /** It changes a record that somebody else wrote. */
  | "not-the-author"
  /** It changes something in a way that does not fit what it changes. */
  | "does-not-fit-target"
  /** The same record counts already, as sent with a lower number. */
  | "superseded";

export type WaitingReason =
  /** Its author had processed more of the chain than this reader has. */
  | "head-ahead"
  /** Records are missing through which it would be seen whether it was accepted before its author lost standing. */
  | "last-words-gap"
  /** The record that it changes is not here or cannot be read. */
  | "target-missing";

export type ClosedReason =
  /** Written before this reader came, in a group whose history begins with joining. */
  | "before-joining"
  /** A facilitator erased it, by a signed command. */
  | "erased"
  /** Its own day of expiry has come. */
  | "expired"
  /** The group cut its history at a later day. */
  | "cut"
  /** Its body, or the key to it, is missing without any of these reasons: the server holds it back or lost it. */
  | "withheld";
