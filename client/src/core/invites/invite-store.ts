import type { OperationOf, Preview } from "@unionhall/crypto";
import { defineMap } from "../storage/store.ts";

/** What is kept of invites, requests and joins on this device, beside the vault. */

/** By invite id in hex: invites that are being made. Stored whole before anything is sent, so that a crash goes on with the same bytes. */
export const invitePlans = defineMap<StoredPlan>({ name: "invites/plans", version: 1 });

export interface StoredPlan {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** What stands in the link, 16 bytes. */
  readonly secret: Uint8Array;
  readonly operation: OperationOf<"invite">;
  readonly desk: {
    readonly ticket: Uint8Array;
    readonly readKey: Uint8Array;
    readonly writeToken: Uint8Array;
    readonly expiryDay: number;
    readonly itemLimit: number;
    readonly preview: Uint8Array;
  };
  readonly note: string;
}

/** Scope: group. By invite id in hex: how far this device has read the invite's desk. */
export const storedDesks = defineMap<StoredDesk>({ name: "invites/desks", version: 1 });

export interface StoredDesk {
  /** The desk has been ended on the server, or is not there any more. */
  readonly gone: boolean;
  /** The greatest `seq` that was looked at. */
  readonly cursor: number;
  /** Seeds of the desk's keys (32 bytes each), where another facilitator handed them on; null where the chain's own box opens. */
  readonly handedOn: { readonly boxSeed: Uint8Array; readonly readSeed: Uint8Array } | null;
}

/** Scope: group. By request id in hex: requests that were opened and found good. */
export const storedRequests = defineMap<StoredRequest>({ name: "invites/requests", version: 1 });

export interface StoredRequest {
  /** 32 bytes: hash of the signed request. */
  readonly requestId: Uint8Array;
  /** 16 bytes */
  readonly inviteId: Uint8Array;
  /** Its place at the desk. */
  readonly seq: number;
  readonly identityKey: Uint8Array;
  readonly stewardKey: Uint8Array;
  readonly statements: OperationOf<"admit">["statements"];
  readonly name: string;
  readonly union: string | null;
  readonly note: string;
  /** What the check words are made from, 32 bytes. */
  readonly checkInput: Uint8Array;
  /** Null until they were computed. */
  readonly checkWords: readonly string[] | null;
  /** Milliseconds since 1970: when the guest says to have asked, never later than when it was read here. */
  readonly receivedAt: number;
  readonly state: RequestState;
}

export type RequestState =
  | "open"
  /** Refused here; the server may not have heard of it yet. */
  | "refusing"
  /** Refused, and its item is gone. Kept so that the same one does not come back. */
  | "refused";

/** By the group's id in hex: own ways in that are under way on this device. */
export const storedJoins = defineMap<StoredJoin>({ name: "invites/joins", version: 1 });

export interface StoredJoin {
  /** 32 bytes */
  readonly groupId: Uint8Array;
  /** What stands in the link, 16 bytes. */
  readonly secret: Uint8Array;
  /** Seed (32 bytes) of the steward key that the group will know this account by. */
  readonly stewardSeed: Uint8Array;
  /** Without its tickets; null where another device asked, and only the vault tells of it. */
  readonly preview: Preview | null;
  readonly way: JoinWay;
  readonly groupName: string;
  readonly inviterName: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly expiry: number;
  /** Whether the vault is known to hold it. */
  readonly inVault: boolean;
  readonly state: "under-way" | "refused";
}

export type JoinWay =
  | { readonly kind: "instant" }
  | {
      readonly kind: "approval";
      /** 32 bytes */
      readonly requestId: Uint8Array;
      readonly checkWords: readonly string[];
      /** The request as it goes to the desk; null once it is known to lie there, or where another device sent it. */
      readonly unsent: Uint8Array | null;
    };
