import type { Kysely } from "kysely";
import type { AccountTables } from "../accounts/account-tables.ts";
import type { BlobTables } from "../blobs/blob-tables.ts";
import type { GroupTables } from "../groups/group-tables.ts";
import type { MailboxTables } from "../mailboxes/mailbox-tables.ts";
import type { TicketTables } from "../tickets/ticket-tables.ts";

/**
 * The two planes, each a database of its own (protocol section 4). A feature keeps its tables in `x-tables.ts` beside its store, adds them to
 * one of these two, and makes them in a numbered file of `migrations/accounts` or `migrations/groups`.
 */
export interface AccountPlane extends AccountTables {}
export interface GroupPlane extends MailboxTables, TicketTables, GroupTables, BlobTables {}

export type AccountDatabase = Kysely<AccountPlane>;
export type GroupDatabase = Kysely<GroupPlane>;

export interface Databases {
  readonly accounts: AccountDatabase;
  readonly groups: GroupDatabase;
}
