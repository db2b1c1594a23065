import { sweepSessions } from "./accounts/sessions.ts";
import { sweepSomeBlobs } from "./blobs/blobs-store.ts";
import { type Clock, dayOf } from "./clock.ts";
import { limits } from "./contract/limits.ts";
import type { Databases } from "./database/schema.ts";
import { expireSome } from "./log/tombstones.ts";
import { sweepMailboxes } from "./mailboxes/mailbox-store.ts";
import { sweepRegisterTickets } from "./tickets/register-ticket-store.ts";
import { sweepTickets } from "./tickets/ticket-store.ts";

/** Removes what has had its time: sessions, mailboxes with their items, tickets that nobody spent, bodies of records
 * and blobs whose day has come, blobs that were begun and left. */
export async function sweep({ accounts, groups }: Databases, clock: Clock): Promise<void> {
  const today = dayOf(clock());
  await sweepSessions(accounts, clock());
  await sweepRegisterTickets(accounts, today - limits.mailboxDays);
  await sweepTickets(groups, today - limits.mailboxDays);
  await sweepMailboxes(groups, today);
  while (!(await expireSome(groups, today))) continue;
  while (await sweepSomeBlobs(groups, today)) continue;
}

const hour = 3_600_000;

/** Sweeps now and every hour. Returns the way to stop, which waits for a sweep under way. */
export function startSweeping(
  databases: Databases,
  clock: Clock,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let running = Promise.resolve();
  const once = (): void => {
    running = running.then(async () => await sweep(databases, clock)).catch(onFailure);
  };
  once();
  const timer = setInterval(once, hour);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
