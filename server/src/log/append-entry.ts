import { entryHash } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import { addBoxes, dropBoxes } from "../boxes/boxes-store.ts";
import { addLink } from "../boxes/links-store.ts";
import type { FoundBox } from "../contract/boxes.ts";
import type { ChainRequest } from "../contract/groups.ts";
import type { LogItem } from "../contract/log.ts";
import {
  type GroupTransaction,
  insertEra,
  readEra,
  type StoredGroup,
  writeGroup,
  writeStewards,
} from "../groups/group-store.ts";
import { itemKinds } from "../groups/group-tables.ts";
import { isOverEntry, judgeChainPlace, judgeUnsigned } from "../groups/groups-rules.ts";
import { refuse } from "../groups/refusal.ts";
import { checkStanding, type SignedStewardCommand, takeCounter } from "../groups/steward-commands.ts";
import type { Changed } from "./group-lanes.ts";

/** Who sends a chain request, and what is remembered of such in memory. */
export interface ChainAuthor {
  /** The era whose pass the sender has proved. */
  readonly era: number;
  /** Entries without a steward's signature that were taken with the sender's token. */
  readonly entriesByToken: number;
  /** Milliseconds until a steward's reservation of the chain ends. */
  readonly reservedFor: number;
}

export interface ChainDone {
  readonly seq: number;
  readonly day: number;
  /** False where the same entry stood there already. */
  readonly isNew: boolean;
}

/** A chain request whose command, if it has one, was opened. */
export interface OpenedChainRequest {
  readonly groupId: Uint8Array;
  readonly request: ChainRequest;
  readonly signed: SignedStewardCommand | null;
}

/** A steward's request that fits in all respects came too late: it may keep the chain free for its next one. */
export class StewardLostRace extends Error {
  override readonly name = "StewardLostRace";
  readonly hash: Uint8Array;
  readonly newest: number;
  constructor(hash: Uint8Array, newest: number) {
    super("index-taken");
    this.hash = hash;
    this.newest = newest;
  }
}

/**
 * One chain request in one transaction (rule 5): entry, boxes, and with an era link, pass and label key; the new list of stewards where it
 * changes. The group's row is locked.
 */
export async function appendEntry(
  db: GroupTransaction,
  group: StoredGroup,
  day: number,
  opened: OpenedChainRequest,
  author: ChainAuthor,
): Promise<Changed<ChainDone>> {
  const { request } = opened;
  const held = await readEntry(db, group.no, request.index);
  if (held !== null) return { result: await judgeTaken(db, group, opened, held), news: null };
  if (author.era < group.era) refuse("era-ended", { newest: group.era });
  const refusal = judgeChainPlace(group, shapeOf(request));
  if (refusal !== null) refuse(refusal.code, refusal);
  await judgeRight(db, group, day, opened, author);
  return writeEntry(db, group, day, opened);
}

export function shapeOf({ index, era, starts, sealed, boxes, link }: ChainRequest) {
  return { index, era, starts, sealedBytes: sealed.length, boxes: boxes.length, hasLink: link !== null };
}

interface HeldEntry {
  readonly seq: number;
  readonly day: number;
  readonly hash: Uint8Array;
}

async function readEntry(db: GroupTransaction, groupNo: number, index: number): Promise<HeldEntry | null> {
  const { rows } = await sql<{
    seq: number;
    day: number;
    era: number;
    starts: number | null;
    sealed: Buffer;
    id: Buffer;
  }>`select i.seq, i.day, i.era, i.starts, i.sealed, g.id from log_item i join working_group g on g.no = i.group_no
    where i.group_no = ${groupNo} and i.chain_index = ${index}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { seq, day, era, starts, sealed, id } = row;
  return { seq, day, hash: entryHash({ groupId: id, index, era, startsEra: starts, sealed }) };
}

/** The same entry again: the same answer. Another one: the place is taken. */
async function judgeTaken(
  db: GroupTransaction,
  group: StoredGroup,
  opened: OpenedChainRequest,
  held: HeldEntry,
): Promise<ChainDone> {
  const hash = entryHashOf(opened);
  if (Buffer.compare(hash, held.hash) === 0) return { seq: held.seq, day: held.day, isNew: false };
  const { signed, request } = opened;
  if (signed !== null && isOverEntry(signed.command, hash, request.starts)) {
    await checkStanding(db, group.no, signed.command);
    throw new StewardLostRace(held.hash, group.headIndex);
  }
  return refuse("index-taken", { hash: held.hash, newest: group.headIndex });
}

function entryHashOf({ groupId, request: { index, era, starts, sealed } }: OpenedChainRequest): Uint8Array {
  return entryHash({ groupId, index, era, startsEra: starts, sealed });
}

async function judgeRight(
  db: GroupTransaction,
  group: StoredGroup,
  day: number,
  opened: OpenedChainRequest,
  author: ChainAuthor,
): Promise<void> {
  const { signed, request } = opened;
  if (signed !== null) {
    if (!isOverEntry(signed.command, entryHashOf(opened), request.starts)) refuse("signature-refused");
    await takeCounter(db, group.no, signed);
    return;
  }
  const byGroupToday = group.entriesDay === day ? group.entriesOnDay : 0;
  const refusal = judgeUnsigned(request.starts, {
    reservedFor: author.reservedFor,
    byTokenSoFar: author.entriesByToken,
    byGroupToday,
    perDay: group.settings.entriesPerDay,
  });
  if (refusal !== null) refuse(refusal.code, refusal);
}

/** Writes a request that was found right. */
export async function writeEntry(
  db: GroupTransaction,
  group: StoredGroup,
  day: number,
  { request, signed }: OpenedChainRequest,
): Promise<Changed<ChainDone>> {
  const seq = group.seq + 1;
  const { index, era, starts, sealed } = request;
  const command = signed?.wire ?? null;
  await db
    .insertInto("log_item")
    .values({
      group_no: group.no,
      seq,
      kind: itemKinds.entry,
      day,
      chain_index: index,
      starts,
      era,
      sealed,
      command,
      steward_key: signed?.command.stewardKey ?? null,
      counter: signed?.command.counter ?? null,
    })
    .execute();
  const item: LogItem = { kind: "entry", seq, day, index, era, starts, sealed, command };
  const started = await writeEra(db, group.no, { seq, day }, { request, signed });
  await writeListed(db, group.no, signed);
  const boxes = await writeBoxes(db, group.no, request, signed);
  const byGroupToday = group.entriesDay === day ? group.entriesOnDay : 0;
  await writeGroup(db, group.no, {
    seq,
    era: starts ?? era,
    head_index: index,
    ...(signed === null ? { entries_day: day, entries_on_day: byGroupToday + 1 } : {}),
  });
  return { result: { seq, day, isNew: true }, news: { items: [item], era: started, boxes } };
}

type Entered = Pick<OpenedChainRequest, "request" | "signed">;

async function writeEra(
  db: GroupTransaction,
  groupNo: number,
  { seq, day }: { readonly seq: number; readonly day: number },
  { request, signed }: Entered,
): Promise<{ readonly era: number; readonly labelKey: Uint8Array } | null> {
  const operation = signed?.command.operation;
  if (operation?.kind !== "chain" || operation.era === null) return null;
  const { number, passKey, labelKey } = operation.era;
  await insertEra(db, groupNo, { era: number, pass: passKey, labelKey, startSeq: seq, startDay: day });
  if (request.link !== null) {
    await addLink(db, groupNo, number, request.link, signed?.command.stewardKey ?? null);
    // Whoever holds the newest content key walks back to this one: nobody needs a box of it any more.
    if (request.link.content !== null) await dropBoxes(db, groupNo, number - 1);
  }
  return { era: number, labelKey };
}

async function writeListed(db: GroupTransaction, groupNo: number, signed: SignedStewardCommand | null): Promise<void> {
  const operation = signed?.command.operation;
  if (operation?.kind === "chain" && operation.stewards !== null) await writeStewards(db, groupNo, operation.stewards);
}

/** The box of who joins, or has a new box key: the entry says that it is there, and the number of such entries has a limit of its own. */
const ownBoxes = 1;

/** Boxes of a steward's request have the steward's own place, if need be. */
async function writeBoxes(
  db: GroupTransaction,
  groupNo: number,
  { era, starts, boxes }: ChainRequest,
  signed: SignedStewardCommand | null,
): Promise<readonly FoundBox[]> {
  if (boxes.length === 0) return [];
  const newest = starts ?? era;
  const stewardKey = signed?.command.stewardKey ?? null;
  const held = starts === null ? await readEra(db, groupNo, newest) : null;
  const target = { groupNo, era: newest, unsignedBoxes: held?.unsignedBoxes ?? 0, beyondLimit: ownBoxes };
  const { added } = await addBoxes(
    db,
    target,
    boxes.map(({ label, box }) => ({ label, box, stewardKey })),
  );
  return added;
}
