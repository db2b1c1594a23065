/**
 * Entries in plain words: what a generated entry says and what is wrong with it, without keys or bytes. `write-described.ts`
 * makes the real entries of them.
 *
 * Times are hours after the founding (may be negative), days are days after the founding's day. People are named; devices, box key generations, steward
 * keys and invites are numbered. Device 0 is certified together with box key generation 0; other devices bring no
 * box key unless the description says so. A box key of generation 9 or above is one to which nothing can be boxed.
 */
import type { History, Role } from "../operations.ts";

export const NAMES = ["ana", "bo", "chidi", "dara", "eve"] as const;
export type Name = (typeof NAMES)[number];

export type DescribedStatement =
  | {
      readonly kind: "certifies";
      readonly of: Name;
      readonly device: number;
      /** The box key it brings; null for none. */
      readonly generation: number | null;
    }
  | { readonly kind: "revokes"; readonly of: Name; readonly device: number; readonly generation: number }
  /** A statement of device 0 whose signature was changed. */
  | { readonly kind: "forged"; readonly of: Name };

/** Of one device, the numbers of the records up to which it is accepted. The device's account is that of the operation. */
export interface DescribedWords {
  readonly device: number;
  readonly numbers: readonly number[];
}

/** A steward key: the `number`th of somebody, who may be somebody else than the account that gives it. */
export interface DescribedSteward {
  readonly of: Name;
  readonly number: number;
}

export type DescribedOperation =
  | {
      readonly kind: "found";
      readonly history: History;
      readonly retentionDays: number | null;
      readonly steward: DescribedSteward;
    }
  | {
      readonly kind: "admit";
      readonly who: Name;
      readonly statements: readonly DescribedStatement[];
      readonly steward: DescribedSteward | null;
      readonly role: Role;
      readonly invite: number | null;
      /** Whether it names a signed request. */
      readonly request: boolean;
    }
  | {
      readonly kind: "join";
      readonly statements: readonly DescribedStatement[];
      readonly steward: DescribedSteward;
      readonly invite: number;
      /** `for`: the claim that the request key signs names this person, this device and this box key generation. */
      readonly claim: {
        readonly for: Name;
        readonly device: number;
        readonly generation: number;
        readonly invite: number;
      };
    }
  | { readonly kind: "remove"; readonly who: Name; readonly words: readonly DescribedWords[] }
  | { readonly kind: "leave"; readonly words: readonly DescribedWords[] }
  | { readonly kind: "role"; readonly who: Name; readonly role: Role; readonly words: readonly DescribedWords[] | null }
  | { readonly kind: "rules"; readonly history: History; readonly retentionDays: number | null }
  | {
      readonly kind: "account-update";
      readonly who: Name;
      readonly statements: readonly DescribedStatement[];
      readonly steward: DescribedSteward | null;
      readonly words: readonly DescribedWords[] | null;
    }
  | {
      readonly kind: "invite";
      readonly invite: number;
      readonly instant: boolean;
      /** Hours after the founding. */
      readonly expires: number;
      readonly uses: number;
      readonly role: Role;
      /** Which of its keys is malformed; null for none. `box` and `label` are those of an instant invite. */
      readonly malformed: "box" | "label" | "desk" | null;
    }
  | { readonly kind: "end-invite"; readonly invite: number }
  /** Days after the day of the founding. */
  | { readonly kind: "cut"; readonly day: number }
  | {
      readonly kind: "era";
      readonly number: number;
      /** Whether its label key is of low order. */
      readonly malformed: boolean;
    };

/** What is wrong with an entry itself, apart from what it wants to do. */
export type EntryFault =
  /** Signed by another key than the device's. */
  | "other-signer"
  /** Another hash than that of the item before. */
  | "other-previous"
  /** Another group's id inside. */
  | "other-group"
  /** Another index inside than on the wire. */
  | "other-index"
  /** Another era inside than the one on the wire, under which it is sealed. */
  | "other-era"
  /** Sealed with wire fields that say the opposite about starting an era. */
  | "hidden-start"
  /** Wire fields changed after sealing. */
  | "changed-wire"
  /** Sealed under a key that no era has. */
  | "other-key"
  /** What is sealed is not an entry. */
  | "garbage"
  /** What is sealed is an entry of a version to come. */
  | "newer-version"
  /** The sealed text is longer than 1 MiB. */
  | "too-large";

export interface DescribedEntry {
  readonly author: Name;
  readonly device: number;
  /** Of the author, beside the operations. */
  readonly statements: readonly DescribedStatement[];
  /** Hours after the founding. */
  readonly time: number;
  /** The era under which it is sealed, on the wire and inside. */
  readonly era: number;
  readonly operations: readonly DescribedOperation[];
  readonly fault: EntryFault | null;
}
