import { GroupKeyError } from "./group-errors.ts";

/** The chain keys (32 bytes) that a reader holds, by the number of their era. Kept beside the state, never in it. */
export interface GroupKeys {
  /** Undefined for an era whose key this reader does not hold. */
  readonly chainKey: (era: number) => Uint8Array | undefined;
}

/** Chain keys from a map by era. */
export function groupKeys(byEra: ReadonlyMap<number, Uint8Array>): GroupKeys {
  return { chainKey: (era) => byEra.get(era) };
}

/** @throws {GroupKeyError} when this reader does not hold it */
export function requireChainKey(keys: GroupKeys, era: number): Uint8Array {
  const key = keys.chainKey(era);
  if (key === undefined) throw new GroupKeyError(era);
  return key;
}
