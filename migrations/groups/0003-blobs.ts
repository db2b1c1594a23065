import { type Kysely, sql } from "kysely";

/**
 * Sealed files in chunks (docs/decisions/0014). A chunk hangs on its blob's row: whoever takes that away takes all of it, with the chunk that a
 * writer adds in the same moment. Ciphertext does not compress: no attempt is made.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table blob (
    group_no integer not null,
    id bytea not null,
    bytes integer not null,
    chunks integer not null,
    missing integer not null,
    era bigint not null,
    day integer not null,
    expiry_day integer,
    erased boolean not null default false,
    primary key (group_no, id)
  )`.execute(db);
  await sql`create index blob_expiry on blob (expiry_day) where expiry_day is not null`.execute(db);
  await sql`create index blob_unfinished on blob (day) where missing > 0`.execute(db);
  await sql`create table blob_chunk (
    group_no integer not null,
    blob_id bytea not null,
    place integer not null,
    sealed bytea not null,
    primary key (group_no, blob_id, place),
    foreign key (group_no, blob_id) references blob (group_no, id) on delete cascade
  )`.execute(db);
  await sql`alter table blob_chunk alter column sealed set storage external`.execute(db);
}
