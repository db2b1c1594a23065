import type { AccountDatabase } from "../database/schema.ts";
import { hashOfSecret } from "../random.ts";

/** Writes down tickets that admit to the hall: their hashes and the day. */
export async function keepRegisterTickets(
  db: AccountDatabase,
  tickets: readonly Uint8Array[],
  day: number,
): Promise<void> {
  await db
    .insertInto("register_ticket")
    .values(tickets.map((ticket) => ({ hash: hashOfSecret(ticket), day })))
    .execute();
}

/** Spends one within the transaction that makes the account; false when it is unknown or spent. */
export async function spendRegisterTicket(trx: AccountDatabase, ticket: Uint8Array): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("register_ticket")
    .where("hash", "=", hashOfSecret(ticket))
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Forgets tickets that nobody used since `day`. */
export async function sweepRegisterTickets(db: AccountDatabase, day: number): Promise<void> {
  await db.deleteFrom("register_ticket").where("day", "<", day).execute();
}
