import type { Rules } from "@unionhall/crypto";
import type { ChainRequest } from "@unionhall/server/contract";
import type { ValueOf } from "../api/api.ts";
import { defineMap } from "../storage/store.ts";
import type { GroupInfo } from "./groups-door.ts";

/** By group id in hex: groups that are being founded, until everything that belongs to it is done. */
export const foundings = defineMap<Founding>({ name: "groups/foundings", version: 1 });

/** Complete before anything is sent, so that a crash anywhere goes on with the same group. */
export interface Founding {
  readonly groupId: Uint8Array;
  readonly notebook: boolean;
  readonly info: GroupInfo | null;
  /** Missing where an earlier version of this program began. */
  readonly rules?: Rules;
  readonly eraKey: Uint8Array;
  readonly stewardSeed: Uint8Array;
  readonly ticket: Uint8Array;
  readonly chain: ValueOf<typeof ChainRequest>;
}

export interface NewGroupWish {
  readonly notebook: boolean;
  /** Null for the notebook, which has no name. */
  readonly info: GroupInfo | null;
  readonly rules: Rules;
}
