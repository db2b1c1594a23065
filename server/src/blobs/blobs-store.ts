import { type RawBuilder, sql } from "kysely";
import type { BlobState, ListedBlob } from "../contract/blobs.ts";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { checkNewest, type GroupAccess, requireNewest } from "../groups/group-access.ts";
import { type GroupReader, type GroupTransaction, lockGroup } from "../groups/group-store.ts";
import { type Refusal, refuse } from "../groups/refusal.ts";
import {
  type BlobForm,
  chunkBytesAt,
  chunksOf,
  type HeldBlob,
  judgeAgain,
  judgeForm,
  judgeOpen,
  judgeRoom,
  missingPlaces,
} from "./blobs-rules.ts";

/** Which blob of the group that a token is for. */
export interface BlobAddress {
  readonly access: GroupAccess;
  /** 16 bytes */
  readonly blobId: Uint8Array;
}

interface StoredBlob extends HeldBlob {
  readonly groupNo: number;
  readonly blobId: Uint8Array;
  readonly chunks: number;
  readonly missing: number;
}

/**
 * Takes the blob's room, or goes on with the same one. The group's row is locked: two that begin at once do not take the same room.
 *
 * @throws {RefusedError} `blob-too-large`, `malformed-request`, `era-ended`, `blob-exists`, `blob-erased`, `blobs-full`
 */
export async function beginBlob(
  db: GroupReader,
  { access, blobId }: BlobAddress,
  form: BlobForm,
  today: number,
): Promise<BlobState> {
  check(judgeForm(form, today));
  return db.transaction().execute(async (trx) => {
    const group = await lockGroup(trx, access.groupId);
    checkNewest(group, access.token);
    const held = await readBlob(trx, group.no, blobId);
    if (held !== null) {
      check(judgeAgain(held, form));
      await sql`update blob set era = ${group.era}, day = ${today}
        where group_no = ${group.no} and id = ${blobId}`.execute(trx);
      return stateOf(trx, held);
    }
    check(judgeRoom(form, await readUsedChunks(trx, group.no)));
    const chunks = chunksOf(form.bytes);
    await trx
      .insertInto("blob")
      .values({
        group_no: group.no,
        id: blobId,
        bytes: form.bytes,
        chunks,
        missing: chunks,
        era: group.era,
        day: today,
        expiry_day: form.expiryDay,
      })
      .execute();
    return { ...form, missing: missingPlaces(chunks, []) };
  });
}

/** @throws {RefusedError} `era-ended`, `unknown-blob`, `blob-erased` */
export async function readBlobState(
  db: GroupReader,
  { access, blobId }: BlobAddress,
  today: number,
): Promise<BlobState> {
  const group = await requireNewest(db, access);
  return stateOf(db, open(await readBlob(db, group.no, blobId), today));
}

/**
 * Puts a chunk in its place, or finds the same one there. The blob's row is locked, not the group's: talk goes on while files come in.
 *
 * @throws {RefusedError} `era-ended`, `unknown-blob`, `blob-erased`, `malformed-request` (not the length of its place), `chunk-exists`
 */
export async function putChunk(
  db: GroupReader,
  { access, blobId }: BlobAddress,
  { place, sealed }: { readonly place: number; readonly sealed: Uint8Array },
  today: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const group = await requireNewest(trx, access);
    const { bytes } = open(await lockBlob(trx, group.no, blobId), today);
    if (sealed.length === 0 || sealed.length !== chunkBytesAt(bytes, place)) refuse("malformed-request");
    const { rows } = await sql`insert into blob_chunk (group_no, blob_id, place, sealed)
      values (${group.no}, ${blobId}, ${place}, ${sealed}) on conflict do nothing returning place`.execute(trx);
    if (rows.length === 0) {
      if (!(await isChunk(trx, group.no, blobId, place, sealed))) refuse("chunk-exists");
      return;
    }
    await sql`update blob set missing = missing - 1, era = ${group.era}, day = ${today}
      where group_no = ${group.no} and id = ${blobId}`.execute(trx);
  });
}

/** @throws {RefusedError} `era-ended`, `unknown-blob`, `blob-erased`, `unknown-chunk` */
export async function readChunk(
  db: GroupReader,
  { access, blobId }: BlobAddress,
  place: number,
  today: number,
): Promise<Uint8Array> {
  const group = await requireNewest(db, access);
  open(await readBlob(db, group.no, blobId), today);
  const { rows } = await sql<{ sealed: Buffer }>`select sealed from blob_chunk
    where group_no = ${group.no} and blob_id = ${blobId} and place = ${place}`.execute(db);
  return rows[0]?.sealed ?? refuse("unknown-chunk");
}

/** Blobs whose ids come after `after`, in order. @throws {RefusedError} `era-ended` */
export async function listBlobs(
  db: GroupReader,
  access: GroupAccess,
  after: Uint8Array,
  today: number,
): Promise<{ readonly blobs: ListedBlob[]; readonly more: boolean }> {
  const group = await requireNewest(db, access);
  const rows = await db
    .selectFrom("blob")
    .select(["id", "bytes", "missing", "day", "expiry_day"])
    .where("group_no", "=", group.no)
    .where("id", ">", Buffer.from(after))
    .where("erased", "=", false)
    .where((where) => where.or([where("expiry_day", "is", null), where("expiry_day", ">", today)]))
    .orderBy("id")
    .limit(limits.blobsPerPage + 1)
    .execute();
  const blobs = rows.slice(0, limits.blobsPerPage).map(({ id, expiry_day: expiryDay, ...row }) => ({
    blobId: toBase64url(id),
    expiryDay,
    ...row,
  }));
  return { blobs, more: rows.length > limits.blobsPerPage };
}

/** Takes a blob's chunks away for good. The group's row is locked. False where there never was such a blob, or it is gone. */
export async function eraseBlob(db: GroupTransaction, groupNo: number, blobId: Uint8Array): Promise<boolean> {
  // The row first: whoever is writing a chunk has it locked, and the chunk is there to be taken when it is let go.
  const { rows } = await sql`update blob set erased = true, bytes = 0, chunks = 0, missing = 0, expiry_day = null
    where group_no = ${groupNo} and id = ${blobId} returning id`.execute(db);
  await sql`delete from blob_chunk where group_no = ${groupNo} and blob_id = ${blobId}`.execute(db);
  return rows.length > 0;
}

/** Takes away some blobs of eras before `firstEraKept` that are older than `day`. False when there was none. */
export async function cutSomeBlobs(
  db: GroupTransaction,
  groupNo: number,
  { day, firstEraKept }: { readonly day: number; readonly firstEraKept: number },
): Promise<boolean> {
  return dropSome(db, groupNo, sql`era < ${firstEraKept} and day < ${day} and not erased`);
}

/** Takes away some blobs of a group that is deleted. False when there was none. */
export async function dropSomeBlobs(db: GroupTransaction, groupNo: number): Promise<boolean> {
  return dropSome(db, groupNo, sql`true`);
}

/** Chunks, of one blob at least, that one transaction takes away: the group, whose row is locked, does not wait long for it. */
const chunksAtOnce = 100;

async function dropSome(db: GroupTransaction, groupNo: number, which: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql`delete from blob where group_no = ${groupNo} and id in (
    select id from (select id, chunks, sum(chunks) over (order by id) as so_far from blob
      where group_no = ${groupNo} and ${which}) as candidate
    where so_far - chunks < ${chunksAtOnce}) returning id`.execute(db);
  return rows.length > 0;
}

/** Blobs that one transaction of the sweep takes away. */
const sweptAtOnce = 4;

/** Takes away blobs whose day has come, and what was begun and left, in any group. False when none is left. */
export async function sweepSomeBlobs(db: GroupReader, today: number): Promise<boolean> {
  const { rows } = await sql`delete from blob where (group_no, id) in (
    select group_no, id from blob
    where expiry_day <= ${today} or (missing > 0 and day <= ${today - limits.blobUnfinishedDays})
    limit ${sweptAtOnce} for update skip locked) returning id`.execute(db);
  return rows.length === sweptAtOnce;
}

function check(refusal: Refusal | null): void {
  if (refusal !== null) refuse(refusal.code);
}

function open(held: StoredBlob | null, today: number): StoredBlob {
  check(judgeOpen(held, today));
  return held ?? refuse("unknown-blob");
}

async function readBlob(db: GroupReader, groupNo: number, blobId: Uint8Array): Promise<StoredBlob | null> {
  const row = await blobQuery(db, groupNo, blobId).executeTakeFirst();
  return row === undefined ? null : { groupNo, blobId, ...row };
}

/** The same with its row locked: one writer of a blob after the other, and none while it is taken away. */
async function lockBlob(db: GroupTransaction, groupNo: number, blobId: Uint8Array): Promise<StoredBlob | null> {
  const row = await blobQuery(db, groupNo, blobId).forNoKeyUpdate().executeTakeFirst();
  return row === undefined ? null : { groupNo, blobId, ...row };
}

function blobQuery(db: GroupReader, groupNo: number, blobId: Uint8Array) {
  return db
    .selectFrom("blob")
    .select(["bytes", "chunks", "missing", "expiry_day as expiryDay", "erased"])
    .where("group_no", "=", groupNo)
    .where("id", "=", Buffer.from(blobId));
}

async function stateOf(db: GroupReader, blob: StoredBlob): Promise<BlobState> {
  const { bytes, expiryDay, chunks, missing, groupNo, blobId } = blob;
  if (missing === 0) return { bytes, expiryDay, missing: [] };
  const { rows } = await sql<{ place: number }>`select place from blob_chunk
    where group_no = ${groupNo} and blob_id = ${blobId}`.execute(db);
  const held = rows.map(({ place }) => place);
  return { bytes, expiryDay, missing: missingPlaces(chunks, held) };
}

async function readUsedChunks(db: GroupReader, groupNo: number): Promise<number> {
  const { rows } = await sql<{ chunks: number }>`select coalesce(sum(chunks), 0) as chunks from blob
    where group_no = ${groupNo}`.execute(db);
  return rows[0]?.chunks ?? 0;
}

async function isChunk(
  db: GroupReader,
  groupNo: number,
  blobId: Uint8Array,
  place: number,
  sealed: Uint8Array,
): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`select sealed = ${sealed} as same from blob_chunk
    where group_no = ${groupNo} and blob_id = ${blobId} and place = ${place}`.execute(db);
  return rows[0]?.same === true;
}
