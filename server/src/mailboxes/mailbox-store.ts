import { createHash } from "node:crypto";
import type { GroupDatabase } from "../database/schema.ts";
import { ProblemError } from "../http/problem.ts";
import { hashOfSecret, isSecretOf } from "../random.ts";
import { isOpen } from "./mailbox-rules.ts";

export interface NewMailbox {
  /** 16 bytes */
  readonly id: Uint8Array;
  /** Ed25519 public key, 32 bytes */
  readonly readKey: Uint8Array;
  readonly writeToken: Uint8Array;
  readonly expiryDay: number;
  readonly itemLimit: number;
  readonly preview: Uint8Array | null;
}

/**
 * Opens a mailbox for a ticket, both or neither. Where the very same one stands already it is `known` and nothing is spent.
 *
 * @throws {ProblemError} `mailbox-exists`, `ticket-refused`
 */
export async function createMailbox(
  db: GroupDatabase,
  mailbox: NewMailbox,
  spendTicket: (trx: GroupDatabase) => Promise<boolean>,
): Promise<"made" | "known"> {
  return await db.transaction().execute(async (trx) => {
    const inserted = await trx
      .insertInto("mailbox")
      .values({
        id: mailbox.id,
        read_key: mailbox.readKey,
        write_token_hash: hashOfSecret(mailbox.writeToken),
        expiry_day: mailbox.expiryDay,
        item_limit: mailbox.itemLimit,
        preview: mailbox.preview,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (inserted === undefined) {
      if (await isSameMailbox(trx, mailbox)) return "known";
      throw new ProblemError("mailbox-exists");
    }
    if (!(await spendTicket(trx))) throw new ProblemError("ticket-refused");
    return "made";
  });
}

async function isSameMailbox(trx: GroupDatabase, mailbox: NewMailbox): Promise<boolean> {
  const row = await trx
    .selectFrom("mailbox")
    .select("id")
    .where("id", "=", mailbox.id)
    .where("read_key", "=", mailbox.readKey)
    .where("write_token_hash", "=", hashOfSecret(mailbox.writeToken))
    .where("expiry_day", "=", mailbox.expiryDay)
    .where("item_limit", "=", mailbox.itemLimit)
    .where((where) => where.and([where("preview", "is not distinct from", mailbox.preview)]))
    .executeTakeFirst();
  return row !== undefined;
}

/** The sealed preview. @throws {ProblemError} `unknown-mailbox` */
export async function readPreview(db: GroupDatabase, id: Uint8Array, today: number): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom("mailbox")
    .select("preview")
    .where("id", "=", id)
    .where("expiry_day", ">", today)
    .executeTakeFirst();
  if (row === undefined) throw new ProblemError("unknown-mailbox");
  return row.preview;
}

/** Whose signature reads the mailbox. @throws {ProblemError} `unknown-mailbox` */
export async function readKeyOf(db: GroupDatabase, id: Uint8Array, today: number): Promise<Uint8Array> {
  const row = await db
    .selectFrom("mailbox")
    .select("read_key")
    .where("id", "=", id)
    .where("expiry_day", ">", today)
    .executeTakeFirst();
  if (row === undefined) throw new ProblemError("unknown-mailbox");
  return row.read_key;
}

/**
 * Leaves an item and returns its place. The same bytes are kept once.
 *
 * @throws {ProblemError} `unknown-mailbox`, `write-token-refused`, `mailbox-full`
 */
export async function writeItem(
  db: GroupDatabase,
  { id, token, sealed }: { readonly id: Uint8Array; readonly token: Uint8Array; readonly sealed: Uint8Array },
  today: number,
): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    // Writers of one mailbox one after the other: none goes over its limit unseen.
    const mailbox = await trx.selectFrom("mailbox").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
    if (mailbox === undefined || !isOpen(mailbox.expiry_day, today)) throw new ProblemError("unknown-mailbox");
    if (!isSecretOf(mailbox.write_token_hash, token)) throw new ProblemError("write-token-refused");
    const digest = createHash("sha256").update(sealed).digest();
    const items = trx.selectFrom("mailbox_item").where("mailbox_id", "=", id);
    const same = await items.select("seq").where("digest", "=", digest).executeTakeFirst();
    if (same !== undefined) return same.seq;
    const { count } = await items.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
    if (count >= mailbox.item_limit) throw new ProblemError("mailbox-full");
    const seq = mailbox.next_seq;
    await trx.insertInto("mailbox_item").values({ mailbox_id: id, seq, sealed, digest }).execute();
    await trx
      .updateTable("mailbox")
      .set({ next_seq: seq + 1 })
      .where("id", "=", id)
      .execute();
    return seq;
  });
}

export interface StoredItem {
  readonly seq: number;
  readonly sealed: Uint8Array;
}

/** At most `limit` items after `after`, in their order. @throws {ProblemError} `unknown-mailbox` */
export async function readItems(
  db: GroupDatabase,
  id: Uint8Array,
  { after, limit, today }: { readonly after: number; readonly limit: number; readonly today: number },
): Promise<readonly StoredItem[]> {
  await readKeyOf(db, id, today);
  return await db
    .selectFrom("mailbox_item")
    .select(["seq", "sealed"])
    .where("mailbox_id", "=", id)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
}

/** @throws {ProblemError} `unknown-mailbox` */
export async function deleteItem(db: GroupDatabase, id: Uint8Array, seq: number, today: number): Promise<void> {
  await readKeyOf(db, id, today);
  await db.deleteFrom("mailbox_item").where("mailbox_id", "=", id).where("seq", "=", seq).execute();
}

/** @throws {ProblemError} `unknown-mailbox` */
export async function deleteMailbox(db: GroupDatabase, id: Uint8Array, today: number): Promise<void> {
  await readKeyOf(db, id, today);
  await db.deleteFrom("mailbox").where("id", "=", id).execute();
}

/** Removes mailboxes whose day has come, with what lies in them. */
export async function sweepMailboxes(db: GroupDatabase, today: number): Promise<void> {
  await db.deleteFrom("mailbox").where("expiry_day", "<=", today).execute();
}
