import type { RecordBody } from "@unionhall/crypto";
import { defineMap } from "../storage/store.ts";
import type { StoredFields } from "./group-store.ts";

/** Scope: group. By record id in hex: own records that the log has not shown yet. */
export const outbox = defineMap<OutboxItem>({ name: "sync/outbox", version: 1 });

export interface OutboxItem {
  /** In which order they were written. */
  readonly order: number;
  /** 16 random bytes; with them the record keeps its id when it is sealed again. */
  readonly salt: Uint8Array;
  readonly recordId: Uint8Array;
  readonly body: RecordBody;
  readonly topic: Uint8Array | null;
  readonly target: Uint8Array | null;
  readonly expires: number | null;
  /** Milliseconds since 1970 when it was written. */
  readonly time: number;
  /** Null when it must be sealed (again) before it is sent. */
  readonly sealed: SealedVersion | null;
  /** All versions that may have been sent. */
  readonly versions: readonly SentVersion[];
  readonly state: OutboxState;
}

export interface SealedVersion {
  readonly record: StoredFields & { readonly sealed: Uint8Array };
  readonly hash: Uint8Array;
  readonly number: number;
  /** Hash of the record named as previous; null for a device's first. */
  readonly previous: Uint8Array | null;
}

export interface SentVersion {
  readonly number: number;
  readonly hash: Uint8Array;
}

export type OutboxState =
  | { readonly kind: "waiting" }
  /** On its way, or lost with its answer: only the same bytes may follow. */
  | { readonly kind: "sent" }
  /** Durable on the server, as it says; here until the log shows it. `seq`: at which place of the log it must come, where the server said so. */
  | { readonly kind: "acknowledged"; readonly seq: number | null }
  /** Refused for good, and so surely not accepted. */
  | { readonly kind: "failed"; readonly problem: string };
