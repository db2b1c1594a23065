import { networkOf } from "./rate-limit.ts";

/** How much of something may be taken up at once. */
export interface RoomLimits {
  /** By all addresses together. */
  readonly ofAll: number;
  /** By one address, or one household's network of them. */
  readonly ofAddress: number;
}

export interface AddressRoom {
  /** Takes so much and returns the way to give it back, to be called once; null where there is no room. */
  take(address: string, amount: number): (() => void) | null;
}

/** Kept in memory only, and of an address only while it takes up something. */
export function createAddressRoom({ ofAll, ofAddress }: RoomLimits): AddressRoom {
  const taken = new Map<string, number>();
  let all = 0;
  const add = (network: string, amount: number): void => {
    all += amount;
    const own = (taken.get(network) ?? 0) + amount;
    if (own === 0) taken.delete(network);
    else taken.set(network, own);
  };
  return {
    take(address, amount) {
      const network = networkOf(address);
      if (all + amount > ofAll || (taken.get(network) ?? 0) + amount > ofAddress) return null;
      add(network, amount);
      return () => add(network, -amount);
    },
  };
}
