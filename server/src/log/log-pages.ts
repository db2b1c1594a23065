import { type RawBuilder, sql } from "kysely";
import { groupLimits } from "../contract/group-limits.ts";
import type { LogItem, LogPage, TopicPage } from "../contract/log.ts";
import { keyOf } from "../groups/group-key.ts";
import type { GroupReader } from "../groups/group-store.ts";
import { itemKinds } from "../groups/group-tables.ts";
import { type ItemRow, itemOf } from "./log-items.ts";

/** What of a group's log a reader may see: everything, or up to the entry that ended its token's era (rule 3). */
export interface Readable {
  readonly groupNo: number;
  readonly newestSeq: number;
}

/** Upwards from `after`, or downwards from `before`. */
export type Way =
  | { readonly kind: "up"; readonly after: number; readonly limit: number }
  | { readonly kind: "down"; readonly before: number | null; readonly limit: number };

type Filter = RawBuilder<unknown>;

const columns = sql`seq, kind, day, chain_index, starts, era, record_id, topic, target, expires, body_hash, reason,
  sealed, command`;
/** Read from where the row points, without fetching a long value. */
const rowBytes = sql`coalesce(octet_length(sealed), 0) + coalesce(octet_length(command), 0)`;
const isAct = sql`kind in (${sql.lit(itemKinds.entry)}, ${sql.lit(itemKinds.command)})`;

export async function readLog(db: GroupReader, readable: Readable, way: Way): Promise<LogPage> {
  return readPage(db, readable, way, sql`true`);
}

/** Entries and stewards' commands. */
export async function readActs(db: GroupReader, readable: Readable, way: Way): Promise<LogPage> {
  return readPage(db, readable, way, isAct);
}

export async function readTopicLog(db: GroupReader, readable: Readable, topic: Uint8Array, way: Way): Promise<LogPage> {
  return readPage(db, readable, way, sql`topic = ${topic}`);
}

export async function readTargetLog(
  db: GroupReader,
  readable: Readable,
  target: Uint8Array,
  way: Way,
): Promise<LogPage> {
  return readPage(db, readable, way, sql`target = ${target}`);
}

/** Of every target without a topic its latest record. */
export async function readState(db: GroupReader, readable: Readable, way: Way): Promise<LogPage> {
  const { groupNo, newestSeq } = readable;
  const isLatest = sql`seq in (select max(seq) from log_item where group_no = ${groupNo} and seq <= ${newestSeq}
    and topic is null and target is not null group by target)`;
  return readPage(db, readable, way, isLatest);
}

/** Null where there is none, or none that may be read. */
export async function readRecord(
  db: GroupReader,
  { groupNo, newestSeq }: Readable,
  recordId: Uint8Array,
): Promise<LogItem | null> {
  const { rows } = await sql<ItemRow>`select ${columns} from log_item
    where group_no = ${groupNo} and record_id = ${recordId} and seq <= ${newestSeq}`.execute(db);
  return rows[0] === undefined ? null : itemOf(rows[0]);
}

/** Up to `way.limit` items, fewer where they would exceed 2 MiB, one at least. */
async function readPage(db: GroupReader, { groupNo, newestSeq }: Readable, way: Way, filter: Filter): Promise<LogPage> {
  const isUp = way.kind === "up";
  const from = isUp ? sql`seq > ${way.after}` : way.before === null ? sql`true` : sql`seq < ${way.before}`;
  const order = isUp ? sql`seq asc` : sql`seq desc`;
  const { rows } = await sql<ItemRow & { readonly found: number }>`
    select ${columns}, found::integer from (
      select *, sum(bytes) over (order by ${order}) - bytes as bytes_before, count(*) over () as found from (
        select ${columns}, ${rowBytes} as bytes from log_item
        where group_no = ${groupNo} and seq <= ${newestSeq} and ${from} and ${filter}
        order by ${order} limit ${way.limit + 1}
      ) as wanted
    ) as measured
    where bytes_before < ${groupLimits.pageBytes} order by ${order}`.execute(db);
  const shown = rows.slice(0, way.limit);
  const isLast = shown.length === (rows[0]?.found ?? 0);
  return { items: shown.map(itemOf), next: isLast ? null : (shown.at(-1)?.seq ?? null), newestSeq };
}

interface TopicRow {
  readonly topic: Buffer;
  readonly records: number;
  readonly first_seq: number;
  readonly newest_seq: number;
}

/** Topics by latest activity. Only for who may read the whole log: the order tells of its newest items. */
export async function readTopics(
  db: GroupReader,
  { groupNo, newestSeq }: Readable,
  { before, limit, newest }: { readonly before: number | null; readonly limit: number; readonly newest: number },
): Promise<TopicPage> {
  const { rows: found } = await sql<TopicRow>`select topic, records, first_seq, newest_seq from group_topic
    where group_no = ${groupNo} and ${before === null ? sql`true` : sql`newest_seq < ${before}`}
    order by newest_seq desc limit ${limit + 1}`.execute(db);
  const wanted = found.slice(0, limit);
  const items = await readTopicItems(db, groupNo, wanted, newest);
  const topics = wanted.flatMap((row) => {
    const own = items.get(keyOf(row.topic));
    const isWhole = own !== undefined && own.newest.length === Math.min(newest, row.records);
    if (own === undefined || own.first === null || !isWhole) return [];
    const { topic, records, newest_seq: newestOfTopic } = row;
    return [{ topic, records, newestSeq: newestOfTopic, first: own.first, newest: own.newest }];
  });
  const isLast = topics.length === found.length;
  return { topics, next: isLast ? null : (topics.at(-1)?.newestSeq ?? null), newestSeq };
}

interface TopicItems {
  readonly first: LogItem | null;
  readonly newest: LogItem[];
}

interface TopicItemRow extends ItemRow {
  readonly place: number;
  readonly topic: Buffer;
}

/** The first and the newest records of these topics, in their order, until 2 MiB are reached; the first topic always whole. */
async function readTopicItems(
  db: GroupReader,
  groupNo: number,
  topics: readonly TopicRow[],
  newest: number,
): Promise<ReadonlyMap<string, TopicItems>> {
  const ids = topics.map(({ topic }) => topic);
  const firsts = topics.map((row) => row.first_seq);
  const { rows } = await sql<TopicItemRow>`
    select place::integer, ${columns} from (
      select *, sum(bytes) over (order by place, seq desc) - bytes as bytes_before from (
        select place, log_item.*, ${rowBytes} as bytes
        from unnest(${ids}::bytea[], ${firsts}::bigint[]) with ordinality as wanted (wanted_topic, first_seq, place)
        cross join lateral (
          (select seq from log_item where group_no = ${groupNo} and topic = wanted_topic order by seq desc limit ${newest})
          union (select first_seq)
        ) as chosen_seq
        join log_item on log_item.group_no = ${groupNo} and log_item.seq = chosen_seq.seq
      ) as chosen
    ) as measured
    where bytes_before < ${groupLimits.pageBytes} or place = 1 order by place, seq desc`.execute(db);
  const byTopic = Map.groupBy(rows, ({ topic }) => keyOf(topic));
  const firstSeqs = new Map(topics.map((row) => [keyOf(row.topic), row.first_seq]));
  const items = [...byTopic].map(([key, own]): readonly [string, TopicItems] => {
    const first = own.find(({ seq }) => seq === firstSeqs.get(key));
    return [key, { first: first === undefined ? null : itemOf(first), newest: own.slice(0, newest).map(itemOf) }];
  });
  return new Map(items);
}
