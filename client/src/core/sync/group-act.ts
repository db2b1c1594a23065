import { toHex, type OperationOf, type Role, type Rules } from "@unionhall/crypto";

/**
 * What somebody wants done to a group's chain, in a form that can be stored and tried again: operations without what must be computed from the
 * state at the moment they are signed (last words, a new era and its keys, whether it was done already). Bytes as in crypto's operations.
 */
export type GroupAct =
  | { readonly kind: "remove"; readonly identityKey: Uint8Array }
  | { readonly kind: "leave" }
  | { readonly kind: "role"; readonly identityKey: Uint8Array; readonly role: Role }
  | { readonly kind: "rules"; readonly rules: Rules }
  /** This account's own statements, after a recovery or a revocation; with a new steward key where the former is struck or must go. */
  | { readonly kind: "own-account" }
  /** Somebody else's statements, handed on. */
  | {
      readonly kind: "account-update";
      readonly identityKey: Uint8Array;
      readonly statements: OperationOf<"account-update">["statements"];
    }
  | OperationOf<"admit">
  | OperationOf<"join">
  | OperationOf<"invite">
  | OperationOf<"end-invite">
  | OperationOf<"cut">
  /** A new era, because one is due; unless one later than `after` has begun meanwhile. */
  | { readonly kind: "new-era"; readonly after: number };

/** What became of the acts. */
export type Proposed =
  /** They stand in the chain, counted, in the entry of this index, and this device has processed it. */
  | { readonly kind: "done"; readonly index: number }
  /** There was nothing to do: somebody did the same before. */
  | { readonly kind: "already" };

/** What tells an act from others of its kind: whom it is about, and what it says of them. */
export function aboutWhat(act: GroupAct): readonly string[] {
  const statements = act.kind === "account-update" ? act.statements : [];
  return [
    act.kind,
    "identityKey" in act ? toHex(act.identityKey) : "",
    ...statements.map(({ payload }) => toHex(payload)),
  ];
}
