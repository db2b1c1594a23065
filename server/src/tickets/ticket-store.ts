import type { GroupDatabase } from "../database/schema.ts";
import { hashOfSecret } from "../random.ts";

/** Writes down tickets that open groups or mailboxes: their hashes, their purpose and the day. */
export async function keepTickets(
  db: GroupDatabase,
  purpose: "group" | "mailbox",
  tickets: readonly Uint8Array[],
  day: number,
): Promise<void> {
  const rows = tickets.map((ticket) => ({ hash: hashOfSecret(ticket), purpose, day }));
  await db.insertInto("ticket").values(rows).execute();
}

/** Spends a ticket, once. Called in the transaction of what it opens; false when it is unknown, spent, or for something else. */
export async function spendTicket(
  trx: GroupDatabase,
  purpose: "group" | "mailbox",
  ticket: Uint8Array,
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("ticket")
    .where("hash", "=", hashOfSecret(ticket))
    .where("purpose", "=", purpose)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Forgets tickets that nobody used since `day`. */
export async function sweepTickets(db: GroupDatabase, day: number): Promise<void> {
  await db.deleteFrom("ticket").where("day", "<", day).execute();
}
