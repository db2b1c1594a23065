import type { StewardOperation } from "@unionhall/crypto/verify";
import { eraseBlob } from "../blobs/blobs-store.ts";
import { dropBoxesBefore } from "../boxes/boxes-store.ts";
import { dropContentLinks } from "../boxes/links-store.ts";
import type { LogItem } from "../contract/log.ts";
import type { Changed } from "../log/group-lanes.ts";
import { eraseRecord, readNewestDayOfEras } from "../log/tombstones.ts";
import {
  deleteGroup,
  type GroupTransaction,
  readEra,
  type StoredGroup,
  writeGroup,
  writeStewards,
} from "./group-store.ts";
import { itemKinds } from "./group-tables.ts";
import { changeLimits } from "./groups-rules.ts";
import { refuse } from "./refusal.ts";
import { checkStanding, seqOfCommand, type SignedStewardCommand, takeCounter } from "./steward-commands.ts";

export type CutOperation = Extract<StewardOperation, { readonly kind: "cut" }>;

/**
 * Does what a steward's command says and writes it into the log. The group's row is locked. A command that stands there already gives its
 * `seq` again.
 */
export async function runCommand(
  db: GroupTransaction,
  group: StoredGroup,
  day: number,
  signed: SignedStewardCommand,
): Promise<Changed<number>> {
  const before = await seqOfCommand(db, group.no, signed);
  if (before !== null) return { result: before, news: null };
  await takeCounter(db, group.no, signed);
  if (signed.command.operation.kind === "delete") {
    await deleteGroup(db, group.no);
    return { result: 0, news: { deleted: true } };
  }
  await obey(db, group, signed);
  const item = await logCommand(db, group, day, signed);
  return { result: item.seq, news: { items: [item] } };
}

async function obey(db: GroupTransaction, group: StoredGroup, { wire, command }: SignedStewardCommand): Promise<void> {
  const { operation } = command;
  switch (operation.kind) {
    case "stewards":
      await writeStewards(db, group.no, operation.stewards);
      return;
    case "limits": {
      const limits = changeLimits(group.limits, operation.limits);
      if (limits === null) return refuse("malformed-request");
      await writeGroup(db, group.no, { seq: group.seq, limits: JSON.stringify(limits) });
      return;
    }
    case "erase":
      if (!(await eraseRecord(db, group.no, operation, wire))) refuse("unknown-record");
      return;
    case "erase-blob":
      if (!(await eraseBlob(db, group.no, operation.blobId))) refuse("unknown-blob");
      return;
    case "cut":
      await dropBoxesBefore(db, group.no, operation.firstEraKept);
      await dropContentLinks(db, group.no, operation.firstEraKept);
      return;
    case "chain":
    case "box":
    case "link":
    case "delete":
      // These stand in the requests that they are about.
      return refuse("malformed-request");
  }
}

/** Writes a command that counts into the log, as an item of its own. */
export async function logCommand(
  db: GroupTransaction,
  group: StoredGroup,
  day: number,
  { wire, command }: SignedStewardCommand,
): Promise<Extract<LogItem, { readonly kind: "command" }>> {
  const seq = group.seq + 1;
  await db
    .insertInto("log_item")
    .values({
      group_no: group.no,
      seq,
      kind: itemKinds.command,
      day,
      steward_key: command.stewardKey,
      counter: command.counter,
      command: wire,
    })
    .execute();
  await writeGroup(db, group.no, { seq });
  return { kind: "command", seq, day, command: wire };
}

/**
 * Whether a cut may begin: its key counts, and nothing before the first era it keeps is as young as its day. Eras end in the order of the log,
 * so the last item before that era's start is the youngest.
 *
 * @throws {RefusedError} `steward-refused`, `steward-counter-used`, `unknown-era`, `cut-refused`
 */
export async function checkCut(
  db: GroupTransaction,
  group: StoredGroup,
  signed: SignedStewardCommand,
  { day, firstEraKept }: CutOperation,
): Promise<void> {
  await checkStanding(db, group.no, signed.command);
  const era = await readEra(db, group.no, firstEraKept);
  if (era === null) return refuse("unknown-era", { newest: group.era });
  const newestDay = await readNewestDayOfEras(db, group.no, era.startSeq);
  if (newestDay >= day) refuse("cut-refused");
}
