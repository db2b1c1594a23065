/**
 * Entries in plain words: names instead of keys. The generator writes them, the oracle judges them as they stand, and
 * `realize.ts` makes signed and sealed entries of them for `applyEntry`.
 */

export type History = "all" | "from-joining";
export type Role = "facilitator" | "member";

export interface BoxKeyName {
  readonly generation: number;
  readonly name: string;
  /** False: bytes to which nothing can be boxed. */
  readonly usable: boolean;
}

export interface DescribedStatement {
  readonly kind: "device" | "revoke";
  readonly account: string;
  readonly device: string;
  readonly boxKey: BoxKeyName | null;
  /** Signed by somebody else's identity key. */
  readonly forged: boolean;
}

export type DescribedOperation =
  | { readonly kind: "found"; readonly history: History; readonly stewardKey: string }
  | {
      readonly kind: "admit";
      readonly account: string;
      readonly statements: readonly DescribedStatement[];
      readonly stewardKey: string;
      readonly role: Role;
      readonly invite: string | null;
    }
  | {
      readonly kind: "join";
      readonly statements: readonly DescribedStatement[];
      readonly stewardKey: string;
      readonly invite: string;
      /** Signed by the invite's request key over the box key that counts after the statements. */
      readonly vouched: boolean;
    }
  | { readonly kind: "remove"; readonly account: string }
  | { readonly kind: "leave" }
  | { readonly kind: "role"; readonly account: string; readonly role: Role; readonly words: boolean }
  | { readonly kind: "rules"; readonly history: History }
  | {
      readonly kind: "account-update";
      readonly account: string;
      readonly statements: readonly DescribedStatement[];
      readonly stewardKey: string | null;
      /** Devices named in the last words; null for no last words. */
      readonly words: readonly string[] | null;
    }
  | {
      readonly kind: "invite";
      readonly id: string;
      readonly mode: "approval" | "instant";
      readonly role: Role;
      readonly uses: number;
      readonly expiry: number;
      readonly usable: boolean;
    }
  | { readonly kind: "end-invite"; readonly id: string }
  | { readonly kind: "cut"; readonly day: number }
  | { readonly kind: "era"; readonly number: number; readonly usable: boolean };

export interface DescribedEntry {
  readonly author: string;
  readonly device: string;
  readonly statements: readonly DescribedStatement[];
  readonly time: number;
  /** The era it is sealed under. */
  readonly era: number;
  readonly previous: "right" | "wrong";
  readonly signature: "right" | "wrong";
  readonly operations: readonly DescribedOperation[];
}
