import { type Clock, dayOf } from "../clock.ts";
import { limits } from "../contract/limits.ts";
import type { TicketPurpose } from "../contract/tickets.ts";

/** How many tickets each account had today. */
export interface TicketQuota {
  /** Takes `count` off today's rest, or nothing where less is left. */
  take(accountId: Uint8Array, purpose: TicketPurpose, count: number): boolean;
}

/**
 * Kept in memory only, and forgotten every midnight: a row saying who had a ticket for a group on which day would tell whoever takes the disk
 * who founded the group that begins on that day. A hall that starts again begins the day anew.
 */
export function createTicketQuota(clock: Clock): TicketQuota {
  let day = -1;
  let taken = new Map<string, number>();
  return {
    take(accountId, purpose, count) {
      const today = dayOf(clock());
      if (today !== day) [day, taken] = [today, new Map()];
      const key = `${purpose} ${Buffer.from(accountId).toString("hex")}`;
      const sum = (taken.get(key) ?? 0) + count;
      if (sum > limits.ticketsPerDay[purpose]) return false;
      taken.set(key, sum);
      return true;
    },
  };
}
