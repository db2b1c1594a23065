import { entryHash } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import type { NewGroup } from "../contract/groups.ts";
import { type OpenedChainRequest, shapeOf, writeEntry } from "../log/append-entry.ts";
import { type GroupReader, type GroupTransaction, lockGroup, writeStewards } from "./group-store.ts";
import { isOverEntry, judgeChainSize } from "./groups-rules.ts";
import { refuse } from "./refusal.ts";
import { openCommand, type SignedStewardCommand, takeCounter } from "./steward-commands.ts";

/** Spends a ticket that opens a group, in this transaction. False where it is none, or spent. */
export type SpendTicket = (db: GroupTransaction, ticket: Uint8Array) => Promise<boolean>;

export interface CreateGroupDeps {
  readonly db: GroupReader;
  readonly origin: string;
  readonly spendTicket: SpendTicket;
}

/**
 * Opens a group: its first chain request, with era 0 and the first list of stewards, for a ticket. The same request again gives the same answer
 * and spends nothing. `seq` of the first entry.
 *
 * @throws {RefusedError} `malformed-request`, `chain-request-too-large`, `group-full`, `steward-required`, `signature-refused`,
 *   `steward-refused`, `ticket-refused`, `group-exists`, `group-deleted`
 */
export async function createGroup(
  { db, origin, spendTicket }: CreateGroupDeps,
  groupId: Uint8Array,
  { ticket, chain: request }: NewGroup,
  day: number,
): Promise<number> {
  const signed = checkFirstRequest(groupId, request, origin);
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ no: number }>`insert into working_group (id, era, seq, head_index)
      values (${groupId}, 0, 0, 0) on conflict (id) do nothing returning no`.execute(trx);
    if (rows[0] === undefined) return seqOfSame(trx, { groupId, request, signed });
    if (!(await spendTicket(trx, ticket))) refuse("ticket-refused");
    const group = await lockGroup(trx, groupId);
    await writeStewards(trx, group.no, stewardsOf(signed));
    await takeCounter(trx, group.no, signed);
    const { result } = await writeEntry(trx, group, day, { groupId, request, signed });
    return result.seq;
  });
}

function checkFirstRequest(groupId: Uint8Array, request: NewGroup["chain"], origin: string): SignedStewardCommand {
  const tooLarge = judgeChainSize(shapeOf(request));
  if (tooLarge !== null) refuse(tooLarge.code);
  const { index, era, starts, link, command, sealed } = request;
  if (index !== 0 || era !== 0 || starts !== 0 || link !== null) refuse("malformed-request");
  if (command === null) return refuse("steward-required");
  const signed = openCommand(command, groupId, origin);
  const hash = entryHash({ groupId, index, era, startsEra: starts, sealed });
  if (!isOverEntry(signed.command, hash, starts)) refuse("signature-refused");
  const isListed = stewardsOf(signed).some((key) => Buffer.compare(key, signed.command.stewardKey) === 0);
  if (!isListed) refuse("steward-refused");
  return signed;
}

function stewardsOf({ command: { operation } }: SignedStewardCommand): readonly Uint8Array[] {
  return operation.kind === "chain" ? (operation.stewards ?? []) : [];
}

/** The group is there: by this very request, or by another. */
async function seqOfSame(db: GroupTransaction, { groupId, request, signed }: OpenedChainRequest): Promise<number> {
  const group = await lockGroup(db, groupId);
  const { rows } = await sql<{ seq: number; sealed: Buffer; command: Buffer | null }>`
    select seq, sealed, command from log_item where group_no = ${group.no} and chain_index = 0`.execute(db);
  const [first] = rows;
  if (first === undefined || signed === null) return refuse("group-exists");
  const isSame = first.sealed.equals(request.sealed) && first.command?.equals(signed.wire) === true;
  return isSame ? first.seq : refuse("group-exists");
}
