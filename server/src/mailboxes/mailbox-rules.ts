import { limits } from "../contract/limits.ts";

/** Whether a mailbox that is gone from `expiryDay` on still stands `today`. */
export function isOpen(expiryDay: number, today: number): boolean {
  return today < expiryDay;
}

/** Whether a mailbox may be made to last until then: past today, and not beyond what a hall keeps. */
export function isAllowedExpiry(expiryDay: number, today: number): boolean {
  return expiryDay > today && expiryDay <= today + limits.mailboxDays;
}
