/**
 * Entries in plain words: names instead of keys. The generator writes them, the oracle judges them as they stand, and
 * `realize.ts` makes signed and sealed entries of them for `applyEntry`.
 */

export type History = "all" | "from-joining";
export type Role = "facilitator" | "member";

export interface BoxKeyName {
  readonly generation: number;
  /** Of an account's keys of one generation, that with the greater name has the greater hash. */
  readonly name: string;
  /** What makes it useless: box key bytes to which nothing can be boxed, or a label key of low order. */
  readonly flaw: "box-key" | "label-key" | null;
}

export interface DescribedStatement {
  readonly kind: "device" | "revoke";
  readonly account: string;
  readonly device: string;
  readonly boxKey: BoxKeyName | null;
  /** Signed by somebody else's identity key. */
  readonly forged: boolean;
}

/** Last words: of each device named, the numbers of the records up to which it is accepted. */
export type DescribedWords = readonly { readonly device: string; readonly heads: readonly number[] }[];

/** What an invite's request key signed for somebody who joins. */
export interface DescribedClaim {
  readonly account: string;
  readonly device: string;
  readonly invite: string;
  readonly boxKey: string;
}

export type DescribedOperation =
  | {
      readonly kind: "found";
      readonly history: History;
      readonly retention: number | null;
      readonly stewardKey: string;
    }
  | {
      readonly kind: "admit";
      readonly account: string;
      readonly statements: readonly DescribedStatement[];
      readonly stewardKey: string | null;
      readonly role: Role;
      readonly invite: string | null;
      /** Whether it names a signed request. */
      readonly request: boolean;
    }
  | {
      readonly kind: "join";
      readonly statements: readonly DescribedStatement[];
      readonly stewardKey: string;
      readonly invite: string;
      /** Null: the request key signed nothing. */
      readonly claim: DescribedClaim | null;
    }
  | { readonly kind: "remove"; readonly account: string; readonly words: DescribedWords }
  | { readonly kind: "leave"; readonly words: DescribedWords }
  | { readonly kind: "role"; readonly account: string; readonly role: Role; readonly words: DescribedWords | null }
  | { readonly kind: "rules"; readonly history: History; readonly retention: number | null }
  | {
      readonly kind: "account-update";
      readonly account: string;
      readonly statements: readonly DescribedStatement[];
      readonly stewardKey: string | null;
      readonly words: DescribedWords | null;
    }
  | {
      readonly kind: "invite";
      readonly id: string;
      readonly mode: "approval" | "instant";
      readonly role: Role;
      readonly uses: number;
      readonly expiry: number;
      /** Which of its keys is of no use. `box-key` and `label-key` are those of an instant invite. */
      readonly flaw: "box-key" | "label-key" | "desk-key" | null;
    }
  | { readonly kind: "end-invite"; readonly id: string }
  | { readonly kind: "cut"; readonly day: number }
  | {
      readonly kind: "era";
      readonly number: number;
      /** Whether its label key is of low order. */
      readonly flawed: boolean;
    };

export type OperationKind = DescribedOperation["kind"];

/** What is wrong with an entry itself, whatever it wants to do. */
export type EntryFlaw =
  /** Sent to another group, or for another index than the next: no item of this place, and takes no index. */
  | "wire-group"
  | "wire-index"
  /** Says inside another group, index or era than on the wire. */
  | "group"
  | "index"
  | "era"
  /** The wire says an era starts where none does, or the other way round. */
  | "starts"
  /** A wire field changed after sealing. */
  | "changed"
  | "previous"
  | "signature"
  /** Sealed under a key that no era has. */
  | "key"
  /** Of a version to come. */
  | "version"
  /** Not an entry at all. */
  | "garbage"
  /** The sealed text is longer than 1 MiB. */
  | "size";

export interface DescribedEntry {
  readonly author: string;
  readonly device: string;
  readonly statements: readonly DescribedStatement[];
  readonly time: number;
  /** The era it is sealed under, on the wire and inside. */
  readonly era: number;
  readonly flaw: EntryFlaw | null;
  readonly operations: readonly DescribedOperation[];
}
