import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("account")
    .addColumn("id", "bytea", (column) => column.primaryKey())
    .addColumn("identity_key", "bytea", (column) => column.notNull().unique())
    .addColumn("sign_in_key", "bytea", (column) => column.notNull())
    .addColumn("operator", "boolean", (column) => column.notNull())
    .addColumn("vault", "bytea")
    .addColumn("vault_tag", "bytea")
    .execute();
  await db.schema
    .createTable("device")
    .addColumn("account_id", "bytea", (column) => column.notNull().references("account.id").onDelete("cascade"))
    .addColumn("signing_key", "bytea", (column) => column.notNull())
    .addColumn("revoked", "boolean", (column) => column.notNull().defaultTo(false))
    .addPrimaryKeyConstraint("device_key", ["account_id", "signing_key"])
    .execute();
  await db.schema
    .createTable("session")
    .addColumn("hash", "bytea", (column) => column.primaryKey())
    .addColumn("account_id", "bytea", (column) => column.notNull().references("account.id").onDelete("cascade"))
    .addColumn("signing_key", "bytea", (column) => column.notNull())
    .addColumn("expires", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("session_account").on("session").columns(["account_id", "signing_key"]).execute();
  await db.schema.createIndex("session_expires").on("session").column("expires").execute();
  // Tickets that admit to the hall are spent here, in the transaction that makes the account.
  await db.schema
    .createTable("register_ticket")
    .addColumn("hash", "bytea", (column) => column.primaryKey())
    .addColumn("day", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("hall_setup")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("hash", "bytea", (column) => column.notNull())
    .execute();
}
