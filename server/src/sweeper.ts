import { sweepSessions } from "./accounts/sessions.ts";
import { sweepSomeBlobs } from "./blobs/blobs-store.ts";
import { type Clock, dayOf } from "./clock.ts";
import { limits } from "./contract/limits.ts";
import type { Databases } from "./database/schema.ts";
import { expireSome } from "./log/tombstones.ts";
import { sweepMailboxes } from "./mailboxes/mailbox-store.ts";
import { sweepRegisterTickets } from "./tickets/register-ticket-store.ts";
import { sweepTickets } from "./tickets/ticket-store.ts";

/** A transaction of its own. Whether there may be more of the same to remove. */
type Step = () => Promise<boolean>;

/**
 * Removes what has had its time: sessions, mailboxes with their items, tickets that nobody spent, bodies of records and blobs whose day has
 * come, blobs that were begun and left. Once `stopAsked` is aborted no further step is begun; the next sweep goes on.
 */
export async function sweep(databases: Databases, clock: Clock, stopAsked?: AbortSignal): Promise<void> {
  const mayGoOn = (): boolean => stopAsked?.aborted !== true;
  for (const step of stepsOf(databases, clock)) while (mayGoOn() && (await step())) continue;
}

function stepsOf({ accounts, groups }: Databases, clock: Clock): readonly Step[] {
  const today = dayOf(clock());
  return [
    atOnce(async () => await sweepSessions(accounts, clock())),
    atOnce(async () => await sweepRegisterTickets(accounts, today - limits.mailboxDays)),
    atOnce(async () => await sweepTickets(groups, today - limits.mailboxDays)),
    atOnce(async () => await sweepMailboxes(groups, today)),
    async () => !(await expireSome(groups, today)),
    async () => await sweepSomeBlobs(groups, today),
  ];
}

function atOnce(removeAll: () => Promise<void>): Step {
  return async () => {
    await removeAll();
    return false;
  };
}

const hour = 3_600_000;

/** Sweeps now and every hour. Returns the way to stop, which waits for the step under way. */
export function startSweeping(
  databases: Databases,
  clock: Clock,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  const stop = new AbortController();
  let running = Promise.resolve();
  const once = (): void => {
    running = running.then(async () => await sweep(databases, clock, stop.signal)).catch(onFailure);
  };
  once();
  const timer = setInterval(once, hour);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stop.abort();
    await running;
  };
}
