import type { OpenFacts, RecordBody, RecordFacts, StubFacts, Verdict } from "@unionhall/crypto";

/** A record that came, or whose verdict is another one now. */
export interface VerdictChange {
  readonly seq: number;
  readonly facts: RecordFacts;
  /** Null: it has just come. */
  readonly before: Verdict | null;
  readonly after: Verdict;
  /** Where it stands in the order shown: `topics/topic-order.ts`. */
  readonly place: number;
  /** Null where it is not opened, or does not open. */
  readonly body: RecordBody | null;
  /** The version of its author's vault when it was written; null for records that came before. */
  readonly vaultVersion: number | null;
}

/** Whose device this is. */
export interface Self {
  /** Identity key (32 bytes). */
  readonly identityKey: Uint8Array;
  /** This device's signing key (32 bytes). */
  readonly device: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The version of the vault that a recovery brought to this device; null on one that made the account. */
  readonly recoveredFrom: number | null;
}

export const counts = (verdict: Verdict | null): boolean => verdict?.kind === "counted";

/** Whether a record belongs into its device's chain for last words: everything but what was refused. */
export const isAccepted = (verdict: Verdict): boolean => verdict.kind !== "refused" && verdict.kind !== "waiting";

/** The facts of a change whose record is open. */
export function openFacts(change: VerdictChange): { readonly body: OpenFacts; readonly stub: StubFacts } | null {
  const { body, stub } = change.facts;
  return body.kind === "open" && stub !== null ? { body, stub } : null;
}
