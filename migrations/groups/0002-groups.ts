import { type Kysely, sql } from "kysely";

/**
 * Tables of the group plane (protocol section 4). Numbers stand for group ids inside the database, so that indexes stay small. There are no
 * foreign keys: every row is written and deleted under the group's row lock, and a check per log item would cost more than the item.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await makeGroups(db);
  await makeLog(db);
  await makeBoxes(db);
}

async function makeGroups(db: Kysely<unknown>): Promise<void> {
  await sql`create table working_group (
    no integer generated always as identity primary key,
    id bytea not null unique,
    era bigint not null,
    seq bigint not null,
    head_index bigint not null,
    limits text not null default '{}',
    entries_day integer not null default 0,
    entries_on_day integer not null default 0,
    deleted boolean not null default false
  )`.execute(db);
  await sql`create table group_era (
    group_no integer not null,
    era bigint not null,
    pass bytea not null,
    label_key bytea not null,
    start_seq bigint not null,
    start_day integer not null,
    boxes_kept boolean not null,
    unsigned_boxes integer not null default 0,
    primary key (group_no, era)
  )`.execute(db);
  await sql`create table group_steward (
    group_no integer not null,
    key bytea not null,
    counter bigint not null,
    listed boolean not null,
    primary key (group_no, key)
  )`.execute(db);
}

/** Ciphertext does not compress: no attempt is made, and records of usual length stay in the row. */
async function makeLog(db: Kysely<unknown>): Promise<void> {
  await sql`create table log_item (
    group_no integer not null,
    seq bigint not null,
    kind smallint not null,
    day integer not null,
    chain_index bigint,
    starts bigint,
    era bigint,
    record_id bytea,
    topic bytea,
    target bytea,
    expires integer,
    body_hash bytea,
    reason smallint,
    steward_key bytea,
    counter bigint,
    sealed bytea,
    command bytea,
    primary key (group_no, seq)
  ) with (toast_tuple_target = 8160)`.execute(db);
  await sql`alter table log_item alter column sealed set storage external`.execute(db);
  await sql`alter table log_item alter column command set storage external`.execute(db);
  await sql`create unique index log_item_chain on log_item (group_no, chain_index) where chain_index is not null`.execute(
    db,
  );
  await sql`create unique index log_item_record on log_item (group_no, record_id) where record_id is not null`.execute(
    db,
  );
  await sql`create unique index log_item_command on log_item (group_no, steward_key, counter) where counter is not null`.execute(
    db,
  );
  await sql`create index log_item_acts on log_item (group_no, seq) where kind in (1, 4)`.execute(db);
  await sql`create index log_item_topic on log_item (group_no, topic, seq) where topic is not null`.execute(db);
  await sql`create index log_item_target on log_item (group_no, target, seq) where target is not null`.execute(db);
  await sql`create index log_item_state on log_item (group_no, target, seq) where topic is null and target is not null`.execute(
    db,
  );
  await sql`create index log_item_expires on log_item (expires) where expires is not null and kind = 2`.execute(db);
  await sql`create table group_topic (
    group_no integer not null,
    topic bytea not null,
    records bigint not null,
    first_seq bigint not null,
    newest_seq bigint not null,
    primary key (group_no, topic)
  )`.execute(db);
  await sql`create index group_topic_newest on group_topic (group_no, newest_seq)`.execute(db);
}

async function makeBoxes(db: Kysely<unknown>): Promise<void> {
  await sql`create table group_box (
    group_no integer not null,
    label bytea not null,
    place integer not null,
    era bigint not null,
    hash bytea not null,
    steward_key bytea,
    box bytea not null,
    primary key (group_no, label, place)
  )`.execute(db);
  await sql`alter table group_box alter column box set storage external`.execute(db);
  await sql`create index group_box_era on group_box (group_no, era)`.execute(db);
  await sql`create table era_link (
    group_no integer not null,
    era bigint not null,
    place integer not null,
    hash bytea not null,
    steward_key bytea,
    chain bytea not null,
    content bytea,
    primary key (group_no, era, place)
  )`.execute(db);
}
