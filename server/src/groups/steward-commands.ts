import { EncodingError, SignatureError, type StewardCommand, verifyStewardCommand } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import { type GroupTransaction, readStanding, writeCounter } from "./group-store.ts";
import { judgeCommand } from "./groups-rules.ts";
import { refuse } from "./refusal.ts";

/** A command whose signature, origin and group were found right, with its bytes as they came. */
export interface SignedStewardCommand {
  readonly wire: Uint8Array;
  readonly command: StewardCommand;
}

/**
 * Rule 9, as far as the bytes tell. Whether the key is on the list is asked under the group's lock.
 *
 * @throws {RefusedError} `malformed-request`, `signature-refused`
 */
export function openCommand(wire: Uint8Array, groupId: Uint8Array, origin: string): SignedStewardCommand {
  const command = verified(wire);
  if (command.origin !== origin || Buffer.compare(command.groupId, groupId) !== 0) return refuse("signature-refused");
  return { wire, command };
}

function verified(wire: Uint8Array): StewardCommand {
  try {
    return verifyStewardCommand(wire);
  } catch (error) {
    if (error instanceof SignatureError) return refuse("signature-refused");
    if (error instanceof EncodingError) return refuse("malformed-request");
    throw error;
  }
}

/**
 * Notes the command's counter as used.
 *
 * @throws {RefusedError} `steward-refused`, `steward-counter-used`
 */
export async function takeCounter(
  db: GroupTransaction,
  groupNo: number,
  { command }: SignedStewardCommand,
): Promise<void> {
  await checkStanding(db, groupNo, command);
  await writeCounter(db, groupNo, command.stewardKey, command.counter);
}

/** @throws {RefusedError} `steward-refused`, `steward-counter-used` */
export async function checkStanding(db: GroupTransaction, groupNo: number, command: StewardCommand): Promise<void> {
  const standing = await readStanding(db, groupNo, command.stewardKey);
  const refusal = judgeCommand(standing, command.counter);
  if (refusal !== null) refuse(refusal.code);
}

/** The `seq` at which these very bytes stand in the log; null where this key's counter was not used, or for something else. */
export async function seqOfCommand(
  db: GroupTransaction,
  groupNo: number,
  { wire, command }: SignedStewardCommand,
): Promise<number | null> {
  const { rows } = await sql<{ seq: number; command: Buffer | null }>`select seq, command from log_item
    where group_no = ${groupNo} and steward_key = ${command.stewardKey} and counter = ${command.counter}`.execute(db);
  const [row] = rows;
  return row !== undefined && row.command !== null && row.command.equals(wire) ? row.seq : null;
}
