import type { StewardCommand } from "@unionhall/crypto/verify";
import { groupLimits } from "../contract/group-limits.ts";
import { type SettableLimit, settableLimits } from "../contract/groups.ts";
import type { Refusal } from "./refusal.ts";

/** What of a steward's key decides whether its command counts (rule 9). */
export interface StewardStanding {
  readonly listed: boolean;
  /** The greatest counter taken; 0 before the first. */
  readonly counter: number;
}

/** Rules 1 and 9: the key is on the list now, and this command is newer than its last. The signature was verified before. */
export function judgeCommand(standing: StewardStanding | null, counter: number): Refusal | null {
  if (standing === null || !standing.listed) return { code: "steward-refused" };
  if (counter <= standing.counter) return { code: "steward-counter-used" };
  return null;
}

/** What of the group decides about a chain request. */
export interface ChainState {
  readonly era: number;
  readonly headIndex: number;
}

/** What of a chain request decides, apart from its bytes. */
export interface ChainShape {
  readonly index: number;
  readonly era: number;
  readonly starts: number | null;
  readonly sealedBytes: number;
  readonly boxes: number;
  readonly hasLink: boolean;
}

/** What is too large is refused before anything is looked up. */
export function judgeChainSize({ sealedBytes, boxes }: ChainShape): Refusal | null {
  if (sealedBytes > groupLimits.entryBytes) return { code: "chain-request-too-large" };
  if (boxes > groupLimits.boxesPerRequest) return { code: "group-full" };
  return null;
}

/**
 * Where a request that does not repeat an old entry must stand: next in the chain, sealed under the newest era, starting none or the next one,
 * with a link exactly where it starts one.
 */
export function judgeChainPlace(group: ChainState, request: ChainShape): Refusal | null {
  if (request.index > group.headIndex + 1) return { code: "index-ahead", newest: group.headIndex };
  if (request.era < group.era) return { code: "era-ended", newest: group.era };
  if (request.era > group.era) return { code: "unknown-era", newest: group.era };
  if (request.starts !== null && request.starts <= group.era) return { code: "era-exists", newest: group.era };
  if (request.starts !== null && request.starts !== group.era + 1) return { code: "unknown-era", newest: group.era };
  if (request.hasLink !== (request.starts !== null)) return { code: "malformed-request" };
  return null;
}

/** Whether a command of kind `chain` is over this very entry, and speaks of the era that the entry starts, or of none. */
export function isOverEntry(command: StewardCommand, entryHash: Uint8Array, starts: number | null): boolean {
  const { operation } = command;
  if (operation.kind !== "chain") return false;
  if ((operation.era === null ? null : operation.era.number) !== starts) return false;
  return Buffer.compare(operation.entryHash, entryHash) === 0;
}

/** What counts against a request without a steward's signature (protocol section 5). */
export interface UnsignedLoad {
  /** Milliseconds until a steward's reservation of the chain ends; 0 where there is none. */
  readonly reservedFor: number;
  readonly byTokenSoFar: number;
  readonly byGroupToday: number;
  readonly perDay: number;
}

/** Nobody without a steward key starts an era, and nobody can starve a steward's entry. */
export function judgeUnsigned(starts: number | null, load: UnsignedLoad): Refusal | null {
  if (starts !== null) return { code: "steward-required" };
  if (load.reservedFor > 0)
    return { code: "chain-reserved", retryAfterSeconds: Math.max(1, Math.ceil(load.reservedFor / 1000)) };
  if (load.byTokenSoFar >= groupLimits.chainRequestsPerToken) return { code: "chain-quota-spent" };
  if (load.byGroupToday >= load.perDay) return { code: "chain-quota-spent" };
  return null;
}

/** Limits of one group: those its stewards have set, else the hall's. */
export interface GroupSettings {
  readonly recordBytes: number;
  readonly entriesPerDay: number;
}

export function settingsOf(stored: Readonly<Record<string, number>>): GroupSettings {
  const of = (name: SettableLimit): number => Math.min(stored[name] ?? Infinity, settableLimits[name].maximum);
  return { recordBytes: of("record-bytes"), entriesPerDay: of("entries-per-day") };
}

/** The stored limits after a steward's change; null where a name or a value is none of the contract's. */
export function changeLimits(
  stored: Readonly<Record<string, number>>,
  changes: readonly { readonly name: string; readonly value: number | null }[],
): Readonly<Record<string, number>> | null {
  const after = new Map(Object.entries(stored));
  for (const { name, value } of changes) {
    if (!isSettable(name)) return null;
    const { minimum, maximum } = settableLimits[name];
    if (value === null) after.delete(name);
    else if (value < minimum || value > maximum) return null;
    else after.set(name, value);
  }
  return Object.fromEntries(after);
}

function isSettable(name: string): name is SettableLimit {
  return Object.hasOwn(settableLimits, name);
}
