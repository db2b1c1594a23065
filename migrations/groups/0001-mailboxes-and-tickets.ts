import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("ticket")
    .addColumn("hash", "bytea", (column) => column.primaryKey())
    .addColumn("purpose", "text", (column) => column.notNull())
    .addColumn("day", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("mailbox")
    .addColumn("id", "bytea", (column) => column.primaryKey())
    .addColumn("read_key", "bytea", (column) => column.notNull())
    .addColumn("write_token_hash", "bytea", (column) => column.notNull())
    .addColumn("expiry_day", "integer", (column) => column.notNull())
    .addColumn("item_limit", "integer", (column) => column.notNull())
    .addColumn("preview", "bytea")
    .addColumn("next_seq", "bigint", (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema.createIndex("mailbox_expiry").on("mailbox").column("expiry_day").execute();
  await db.schema
    .createTable("mailbox_item")
    .addColumn("mailbox_id", "bytea", (column) => column.notNull().references("mailbox.id").onDelete("cascade"))
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addColumn("sealed", "bytea", (column) => column.notNull())
    .addColumn("digest", "bytea", (column) => column.notNull())
    .addPrimaryKeyConstraint("mailbox_item_key", ["mailbox_id", "seq"])
    .addUniqueConstraint("mailbox_item_once", ["mailbox_id", "digest"])
    .execute();
}
