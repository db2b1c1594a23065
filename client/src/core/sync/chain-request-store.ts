import type { ValueOf } from "../api/api.ts";
import type { ChainRequest } from "@unionhall/server/contract";
import { defineMap } from "../storage/store.ts";
import type { GroupAct } from "./group-act.ts";
import type { HeldEra } from "./group-store.ts";

/** Scope: group. By number, in the order wished for: acts on the chain that are not done yet. */
export const chainRequests = defineMap<StoredRequest>({ name: "sync/chain-requests", version: 1 });

export interface StoredRequest {
  readonly acts: readonly GroupAct[];
  /** As it may have been sent; null before it was made, and after its index was lost. */
  readonly made: MadeRequest | null;
  /** The era it starts, kept over lost races so that the boxes stay good. */
  readonly nextEra: HeldEra | null;
}

export interface MadeRequest {
  readonly index: number;
  /** Hash of the entry. */
  readonly hash: Uint8Array;
  readonly wire: ValueOf<typeof ChainRequest>;
}
