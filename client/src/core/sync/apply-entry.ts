import {
  applyEntry,
  entryHash,
  equalBytes,
  GroupKeyError,
  groupKeys,
  type Applied,
  type Entry,
  type GroupState,
  type Refused,
  type SealedEntry,
} from "@unionhall/crypto";
import { storedActs } from "../groups/stored-acts.ts";
import type { GroupDraft } from "./group-draft.ts";
import { chainLines, logItems, type StoredItem } from "./group-store.ts";
import type { Self } from "./verdict-change.ts";
import { warn } from "./warnings.ts";

export type EntryItem = Extract<StoredItem, { readonly kind: "entry" }>;

export type EntryOutcome =
  /** It counted, and the state is the one after it. */
  | { readonly kind: "applied"; readonly entry: Entry }
  /** Void: kept and shown. */
  | { readonly kind: "void" }
  /** The same item was processed before. */
  | { readonly kind: "known" }
  /** Another item was processed at its place. */
  | { readonly kind: "fork" }
  /** Items before it are missing here. */
  | { readonly kind: "ahead" }
  /** The chain key of its era is not held. */
  | { readonly kind: "no-key" };

/** Puts one item of the chain into the draft: state, log, line of the record that people read. */
export async function applyEntryItem(
  draft: GroupDraft,
  seq: number,
  item: EntryItem,
  self: Self,
): Promise<EntryOutcome> {
  const sealed = sealedEntry(draft.groupId, item);
  const place = placeIn(draft.state, sealed);
  if (place === "fork") await warnOfFork(draft, item.index, self);
  if (place !== "next") return { kind: place };
  const verdict = judged(draft, sealed);
  if (verdict === null) return { kind: "no-key" };
  draft.state = verdict.state;
  draft.tell("chain");
  await draft.tx.list(logItems, draft.groupId).put(seq, item);
  await keepLine(draft, seq, item.index, verdict);
  if (verdict.kind === "applied") return { kind: "applied", entry: verdict.entry };
  await warn(draft, "void-entry", String(item.index), {
    noticedAt: self.now,
    by: verdict.sender?.identityKey ?? null,
    detail: `entry ${item.index} is void: ${verdict.reason}`,
  });
  return { kind: "void" };
}

export function sealedEntry(groupId: Uint8Array, { index, era, starts, sealed }: EntryItem): SealedEntry {
  return { groupId, index, era, startsEra: starts, sealed };
}

function placeIn(state: GroupState, sealed: SealedEntry): "next" | "known" | "fork" | "ahead" {
  const known = state.hashes[sealed.index];
  if (known !== undefined) return equalBytes(known, entryHash(sealed)) ? "known" : "fork";
  return sealed.index === state.hashes.length ? "next" : "ahead";
}

function judged(draft: GroupDraft, sealed: SealedEntry): Applied | Refused | null {
  const keys = groupKeys(new Map([...draft.keys].map(([era, { chainKey }]) => [era, chainKey])));
  try {
    return applyEntry(draft.state, sealed, keys);
  } catch (error) {
    if (error instanceof GroupKeyError) return null;
    throw error;
  }
}

async function keepLine(draft: GroupDraft, seq: number, index: number, verdict: Applied | Refused): Promise<void> {
  const entry = verdict.entry;
  const by = verdict.kind === "applied" ? verdict.entry.author : (verdict.sender?.identityKey ?? null);
  await draft.tx.list(chainLines, draft.groupId).put(index, {
    seq,
    time: entry?.time ?? null,
    by,
    acts: entry === null ? [] : storedActs(entry, draft.state),
    voidReason: verdict.kind === "applied" ? null : verdict.reason,
  });
}

async function warnOfFork(draft: GroupDraft, index: number, self: Self): Promise<void> {
  await warn(draft, "fork", String(index), {
    noticedAt: self.now,
    by: null,
    detail: `the hall shows another entry ${index} than before`,
  });
}
