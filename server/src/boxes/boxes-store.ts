import { boxHash } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import type { FoundBox } from "../contract/boxes.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { keyOf } from "../groups/group-key.ts";
import type { GroupReader, GroupTransaction } from "../groups/group-store.ts";
import { type Held, placeFor } from "./boxes-rules.ts";

/** A box on its way in. */
export interface NewBox {
  readonly label: Uint8Array;
  readonly box: Uint8Array;
  /** The steward whose command it came with, who has a place of its own. */
  readonly stewardKey: Uint8Array | null;
}

export interface BoxEra {
  readonly groupNo: number;
  readonly era: number;
  /** Boxes of this era that are held without a steward's signature. */
  readonly unsignedBoxes: number;
  /** The first so many find room also where the era holds as many without a steward's signature as are kept. */
  readonly beyondLimit: number;
}

interface PlacedBox {
  readonly label: Uint8Array;
  readonly place: number;
  readonly hash: Uint8Array;
  readonly stewardKey: Uint8Array | null;
  readonly box: Uint8Array;
}

interface Shelf {
  readonly held: readonly Held[];
  readonly nextPlace: number;
}

/** Adds boxes beside those held, never over them. The group's row is locked. Those that find no room are counted and left out. */
export async function addBoxes(
  db: GroupTransaction,
  { groupNo, era, unsignedBoxes, beyondLimit }: BoxEra,
  boxes: readonly NewBox[],
): Promise<{ readonly added: readonly FoundBox[]; readonly noRoom: number }> {
  const shelves = await readShelves(db, groupNo, boxes);
  const placed: PlacedBox[] = [];
  let noRoom = 0;
  let unsigned = unsignedBoxes;
  for (const [index, { label, box, stewardKey }] of boxes.entries()) {
    const key = keyOf(label);
    const shelf = shelves.get(key) ?? { held: [], nextPlace: 0 };
    const hash = boxHash(box);
    const place = placeFor(shelf.held, hash, stewardKey);
    if (place.kind === "held") continue;
    const isFull = unsigned >= groupLimits.unsignedBoxesPerEra && index >= beyondLimit;
    if (place.kind === "no-room" || (stewardKey === null && isFull)) {
      noRoom += 1;
      continue;
    }
    if (stewardKey === null) unsigned += 1;
    const own = place.kind === "stewards" ? place.stewardKey : null;
    placed.push({ label, place: shelf.nextPlace, hash, stewardKey: own, box });
    shelves.set(key, { held: [...shelf.held, { hash, stewardKey: own }], nextPlace: shelf.nextPlace + 1 });
  }
  await insertBoxes(db, groupNo, era, placed);
  if (unsigned > unsignedBoxes)
    await sql`update group_era set unsigned_boxes = ${unsigned} where group_no = ${groupNo} and era = ${era}`.execute(
      db,
    );
  return { added: placed.map(({ label, box }) => ({ label, era, box })), noRoom };
}

async function readShelves(
  db: GroupTransaction,
  groupNo: number,
  boxes: readonly NewBox[],
): Promise<Map<string, Shelf>> {
  const labels = boxes.map(({ label }) => Buffer.from(label));
  const { rows } = await sql<{ label: Buffer; place: number; hash: Buffer; steward_key: Buffer | null }>`
    select label, place, hash, steward_key from group_box
    where group_no = ${groupNo} and label = any(${labels}::bytea[]) order by label, place`.execute(db);
  const shelves = new Map<string, Shelf>();
  for (const { label, place, hash, steward_key: stewardKey } of rows) {
    const held = shelves.get(keyOf(label))?.held ?? [];
    shelves.set(keyOf(label), { held: [...held, { hash, stewardKey }], nextPlace: place + 1 });
  }
  return shelves;
}

/** Seven parameters a row, and a statement takes 65,535. */
const boxesPerStatement = 1_000;

async function insertBoxes(
  db: GroupTransaction,
  groupNo: number,
  era: number,
  boxes: readonly PlacedBox[],
): Promise<void> {
  for (let from = 0; from < boxes.length; from += boxesPerStatement) {
    const rows = boxes
      .slice(from, from + boxesPerStatement)
      .map(
        ({ label, place, hash, stewardKey, box }) =>
          sql`(${groupNo}::integer, ${label}::bytea, ${place}::integer, ${era}::bigint, ${hash}::bytea, ${stewardKey}::bytea, ${box}::bytea)`,
      );
    await sql`insert into group_box (group_no, label, place, era, hash, steward_key, box) values ${sql.join(rows)}`.execute(
      db,
    );
  }
}

/** What stands under these labels, in their order, the oldest first; of each the box or its hash. */
export async function findBoxes(
  db: GroupReader,
  groupNo: number,
  labels: readonly Uint8Array[],
  hashesOnly: boolean,
): Promise<readonly FoundBox[]> {
  const wanted = labels.map((label) => Buffer.from(label));
  const column = hashesOnly ? sql.ref("hash") : sql.ref("box");
  const { rows } = await sql<FoundBox>`select label, era, ${column} as box from group_box
    where group_no = ${groupNo} and label = any(${wanted}::bytea[]) order by label, place`.execute(db);
  const byLabel = Map.groupBy(rows, ({ label }) => keyOf(label));
  const unique = new Set(labels.map(keyOf));
  return [...unique].flatMap((key) => (byLabel.get(key) ?? []).slice(0, groupLimits.candidatesPerReply));
}

/** Drops the boxes of one era. */
export async function dropBoxes(db: GroupTransaction, groupNo: number, era: number): Promise<void> {
  await sql`delete from group_box where group_no = ${groupNo} and era = ${era}`.execute(db);
  await sql`update group_era set boxes_kept = false, unsigned_boxes = 0
    where group_no = ${groupNo} and era = ${era}`.execute(db);
}

/** Drops the boxes of all eras before this one. */
export async function dropBoxesBefore(db: GroupTransaction, groupNo: number, firstEraKept: number): Promise<void> {
  await sql`delete from group_box where group_no = ${groupNo} and era < ${firstEraKept}`.execute(db);
  await sql`update group_era set boxes_kept = false, unsigned_boxes = 0
    where group_no = ${groupNo} and era < ${firstEraKept} and boxes_kept`.execute(db);
}
