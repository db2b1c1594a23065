import type { ValueOf } from "../api/api.ts";
import type { ChainRequest } from "@unionhall/server/contract";
import { defineMap } from "../storage/store.ts";
import type { GroupAct } from "./group-act.ts";
import type { HeldEra } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";

/** Scope: group. By number, in the order wished for: acts on the chain that are not done yet. */
export const chainRequests = defineMap<StoredRequest>({ name: "sync/chain-requests", version: 1 });

export interface StoredRequest {
  readonly acts: readonly GroupAct[];
  /** As it may have been sent; null before it was made, and after its index was lost. */
  readonly made: MadeRequest | null;
  /** The era it starts. */
  readonly nextEra: HeldEra | null;
  /**
   * Refused, and not tried again: nobody waits for it any more. The hall may have taken it all the same, so the key of its era is kept until the
   * log shows what stands at its index.
   */
  readonly abandoned: boolean;
}

export interface MadeRequest {
  readonly index: number;
  /** Hash of the entry. */
  readonly hash: Uint8Array;
  readonly wire: ValueOf<typeof ChainRequest>;
}

export interface NumberedRequest {
  readonly number: number;
  readonly request: StoredRequest;
}

/** In the order wished for, abandoned ones too. */
export async function storedRequests({ store, groupId }: HeldGroup): Promise<readonly NumberedRequest[]> {
  const entries = await store.map(chainRequests, groupId).entries();
  return entries
    .map(({ id, value }) => ({ number: Number(id), request: value }))
    .toSorted((a, b) => a.number - b.number);
}
