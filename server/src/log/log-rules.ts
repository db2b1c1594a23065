import type { WireRecord } from "../contract/log.ts";
import type { Refusal } from "../groups/refusal.ts";

/** What of the group and of the author's token decides about records. */
export interface AppendState {
  readonly newestEra: number;
  /** The era whose pass the author has proved. */
  readonly authorEra: number;
  /** The era before the newest one ended less than 5 s ago. */
  readonly inGrace: boolean;
  readonly recordBytes: number;
}

/** A record that is there under the same id. */
export interface KnownRecord {
  readonly seq: number;
  /** `recordHash`, also of a tombstone. */
  readonly hash: () => Uint8Array;
}

export type AppendVerdict =
  | { readonly kind: "new" }
  | { readonly kind: "known"; readonly seq: number }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Rule 2: the record id is looked up before the era, so that a client which never heard the acknowledgement gets it again, also after the era
 * has ended. Hashes are made only where there is something to compare.
 */
export function judgeAppend(
  record: Pick<WireRecord, "era" | "sealed">,
  known: KnownRecord | null,
  hash: () => Uint8Array,
  state: AppendState,
): AppendVerdict {
  if (record.sealed.length > state.recordBytes) return refused({ code: "record-too-large" });
  if (known !== null) {
    const held = known.hash();
    if (Buffer.compare(held, hash()) === 0) return { kind: "known", seq: known.seq };
    return refused({ code: "record-exists", hash: held });
  }
  return judgeEra(record.era, state);
}

function judgeEra(era: number, { newestEra, authorEra, inGrace }: AppendState): AppendVerdict {
  if (era > newestEra) return refused({ code: "unknown-era", newest: newestEra });
  if (era === newestEra && authorEra === newestEra) return { kind: "new" };
  const isLate = inGrace && era === newestEra - 1 && authorEra >= era;
  return isLate ? { kind: "new" } : refused({ code: "era-ended", newest: newestEra });
}

function refused(refusal: Refusal): AppendVerdict {
  return { kind: "refused", refusal };
}
