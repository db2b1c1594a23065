import {
  accountOf,
  eraDifferences,
  eraKeysOf,
  equalBytes,
  isIn,
  membersOf,
  newestEra,
  recordHash,
  roleOf,
  toHex,
  type Entry,
  type GroupState,
} from "@unionhall/crypto";
import { applyEntryItem, type EntryItem } from "./apply-entry.ts";
import { applyErasures } from "./erasures.ts";
import type { GroupDraft } from "./group-draft.ts";
import type { ServerLogItem } from "./group-server.ts";
import { foundAgain } from "./lost-records.ts";
import { tailOf } from "./log-tail.ts";
import { logItems, type HeldEra, type StoredGroup, type StoredItem, type StoredStanding } from "./group-store.ts";
import { giveUpWhenOut } from "./outbox-given-up.ts";
import { RecordPage, type RecordItem } from "./record-page.ts";
import { followVerdicts, ownShown } from "./record-effects.ts";
import type { Self } from "./verdict-change.ts";
import { unwarn, warn } from "./warnings.ts";

/** How far a page could be applied. */
export type PageEnd =
  /** To its last item. */
  | "whole"
  /** Up to an entry that started an era whose keys are not here, or a record sealed under it. */
  | "needs-keys"
  /** Up to an entry before which others are missing. */
  | "needs-chain"
  /** Up to where the hall left something out. */
  | "hole"
  /** Up to the entry after which this account is not in the group any more. */
  | "out";

/**
 * Applies items of the log in their order, each once, and moves the cursor. Stops where something must be fetched first; the same page again
 * then goes on from there.
 *
 * `unreadable`: whether to stop at records of eras of which there is no key (`wait`), or, when nothing more can be fetched, to keep them
 * unopened and say so (`skip`).
 * `atHand`: era keys that may turn out to be those of the next eras: out of boxes, or of an own request.
 */
export async function applyPage(
  draft: GroupDraft,
  items: readonly ServerLogItem[],
  self: Self,
  atHand: readonly HeldEra[],
  unreadable: "wait" | "skip" = "wait",
): Promise<PageEnd> {
  const page = new RecordPage(draft, self);
  const firstIndex = draft.state.hashes.length;
  const fresh = items.filter(({ seq }) => seq > draft.stored.cursor);
  let end: PageEnd = "whole";
  let last: ServerLogItem | null = null;
  for (const item of fresh) {
    const { cursor } = draft.stored;
    // What the hall leaves out is waited for: nothing behind it is taken for the whole.
    if (item.seq > cursor + 1) end = "hole";
    else end = await applyItem(draft, page, item, self, atHand, unreadable);
    if (end === "hole" || end === "needs-chain" || (end === "needs-keys" && item.kind !== "entry")) break;
    if (last === null) await unwarn(draft, "gap", `log ${item.seq}`);
    draft.set({ cursor: item.seq });
    last = item;
    if (end !== "whole") break;
  }
  if (last !== null) draft.set({ logPlace: { ...draft.stored.logPlace, tail: tailOf(draft.groupId, last) } });
  if (end === "hole") await warnOfHole(draft, self);
  const { length } = draft.state.hashes;
  if (length > firstIndex) await reflectState(draft, self);
  // Catching up brings the chain first: its last words bind the records that were here before, too.
  const { judgedTo } = draft.stored;
  await followVerdicts(draft, await page.judge(length > judgedTo ? judgedTo : null), self);
  if (length > judgedTo) draft.set({ judgedTo: length });
  const { cursor, logPlace } = draft.stored;
  const commands = fresh.flatMap((item) =>
    item.kind === "command" && item.seq <= cursor
      ? [{ position: item.seq + logPlace.shift, day: item.day, command: item.command }]
      : [],
  );
  await applyErasures(draft, commands, self);
  return end;
}

async function applyItem(
  draft: GroupDraft,
  page: RecordPage,
  item: ServerLogItem,
  self: Self,
  atHand: readonly HeldEra[],
  unreadable: "wait" | "skip",
): Promise<PageEnd> {
  if (item.kind === "entry") return applyOneEntry(draft, item, self, atHand);
  const stored = storedItem(item);
  const position = item.seq + draft.stored.logPlace.shift;
  if (stored.kind === "record" || stored.kind === "tombstone") {
    const keys = draft.recordKeys(stored.era);
    if (keys === null && unreadable === "skip") return skip(draft, position, stored, self);
    if (keys === null) return stored.era > (newestEra(draft.state)?.number ?? -1) ? "needs-chain" : "needs-keys";
    const isNew = await page.add(position, stored, keys, stored.era < draft.stored.eraAtCursor);
    return isNew ? "whole" : shownAgain(draft, stored);
  }
  await draft.tx.list(logItems, draft.groupId).put(position, stored);
  return "whole";
}

/** A record that is held already, at another place of the log: it has reached the server, whoever sent it again. */
async function shownAgain(draft: GroupDraft, stored: RecordItem): Promise<PageEnd> {
  if (stored.kind === "record") await ownShown(draft, toHex(stored.recordId), recordHash(stored));
  if (draft.stored.logPlace.shift > 0) await foundAgain(draft, stored.recordId);
  return "whole";
}

/** An item sealed under an era that the chain does not have: nobody can open it. */
async function skip(draft: GroupDraft, position: number, stored: RecordItem, self: Self): Promise<PageEnd> {
  await draft.tx.list(logItems, draft.groupId).put(position, stored);
  await warn(draft, "gap", `unreadable ${position}`, {
    noticedAt: self.now,
    by: null,
    detail: "an item of the log is sealed under an era that this group does not have",
  });
  return "whole";
}

async function applyOneEntry(
  draft: GroupDraft,
  item: Extract<ServerLogItem, { readonly kind: "entry" }>,
  self: Self,
  atHand: readonly HeldEra[],
): Promise<PageEnd> {
  const stored = storedEntry(item);
  const outcome = await applyEntryItem(draft, item.seq + draft.stored.logPlace.shift, stored, self);
  if (outcome.kind === "ahead") return "needs-chain";
  if (outcome.kind === "no-key") return "needs-chain";
  const startedHere = draft.state.eras.find(({ startIndex }) => startIndex === item.index);
  if (startedHere !== undefined) draft.set({ eraAtCursor: startedHere.number });
  if (outcome.kind === "applied" && tookOut(outcome.entry, draft.state, self)) return "out";
  return takeKeys(draft, atHand) ? "whole" : "needs-keys";
}

/** An entry of the log in the form in which it is stored. */
export function storedEntry(item: Extract<ServerLogItem, { readonly kind: "entry" }>): EntryItem {
  const { seq: _, ...stored } = item;
  return stored;
}

/** The item in the form in which it is stored. */
export function storedItem(item: ServerLogItem): StoredItem {
  const { seq: _, ...stored } = item;
  return stored;
}

/**
 * Takes over keys for the era that is newest so far, where they are the ones that its entry commits to. Says whether what follows can be opened:
 * of eras that ended since, the keys come by links and stand among the keys already.
 */
export function takeKeys(draft: GroupDraft, atHand: readonly HeldEra[]): boolean {
  const era = newestEra(draft.state);
  if (era === null || draft.stored.newest?.era === era.number) return true;
  for (const held of atHand) {
    if (held.era !== era.number) continue;
    const keys = eraKeysOf(held.era, held.eraKey);
    if (eraDifferences(era, keys).length > 0) continue;
    draft.keys.set(era.number, { chainKey: keys.chainKey, contentKey: keys.contentKey });
    draft.set({ newest: { era: held.era, eraKey: held.eraKey }, offered: null });
    draft.tell("chain");
    return true;
  }
  return draft.keys.has(era.number);
}

function tookOut(entry: Entry, state: GroupState, { identityKey }: Self): boolean {
  const concerned = entry.operations.some(
    (operation) =>
      (operation.kind === "leave" && equalBytes(entry.author, identityKey)) ||
      (operation.kind === "remove" && equalBytes(operation.identityKey, identityKey)),
  );
  const account = accountOf(state, identityKey);
  return concerned && account !== undefined && !isIn(account);
}

/** Brings the small part up to date with the state. */
export async function reflectState(draft: GroupDraft, self: Self): Promise<void> {
  draft.set({ memberCount: membersOf(draft.state).length });
  draft.say({ kind: "groups" });
  draft.say({ kind: "group", groupId: draft.id });
  draft.say({ kind: "members", groupId: draft.id });
  draft.say({ kind: "invites", groupId: draft.id });
  const standing = standingIn(draft.state, self.identityKey, draft.stored);
  if (JSON.stringify(standing) === JSON.stringify(draft.stored.standing)) return;
  draft.set({ standing });
  draft.tell("standing");
  await giveUpWhenOut(draft);
}

/**
 * What the chain says about this account; a group that is arriving or stopped stays so while the chain has it as a member. Somebody who comes
 * in, perhaps again, is arriving whatever came before.
 */
function standingIn(
  state: GroupState,
  identityKey: Uint8Array,
  { standing: now, newcomer }: Pick<StoredGroup, "standing" | "newcomer">,
): StoredStanding {
  const account = accountOf(state, identityKey);
  const stay = account?.stays.at(-1);
  if (account === undefined || stay === undefined) return now;
  if (stay.ended !== null) return now.kind === "arriving" && newcomer ? now : { kind: stay.ended };
  const role = roleOf(account);
  return role === null || now.kind === "arriving" || now.kind === "stopped" ? now : { kind: "member", role };
}

/** The hall holds back what comes after the cursor. Said until it is there. */
export async function warnOfHole(draft: GroupDraft, self: Self): Promise<void> {
  const missing = draft.stored.cursor + 1;
  await warn(draft, "gap", `log ${missing}`, {
    noticedAt: self.now,
    by: null,
    detail: `the hall left out item ${missing} of the log; nothing after it is shown until it comes`,
  });
}
