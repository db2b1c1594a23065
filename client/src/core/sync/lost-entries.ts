import {
  boxRecipientsOfEntry,
  eraKeysOf,
  makeBoxes,
  makeChainPart,
  makeContentPart,
  verifyStewardCommand,
  type EraLink,
  type LabelledBox,
  type StewardOperation,
} from "@unionhall/crypto";
import type { ProblemCode } from "@unionhall/server/contract";
import type { Answer } from "../api/live.ts";
import { defineMap } from "../storage/store.ts";
import type { GroupSnapshot } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import { chainLines, logItems, type StoredItem } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import { passing, unsubscribed } from "./passing-refusals.ts";
import { signCommand } from "./steward-desk.ts";
import { warn } from "./warnings.ts";

/** Scope: group. Under `from`: the index of the first entry of the chain that is held here and that the server has not any more. */
export const lostEntries = defineMap<number>({ name: "sync/lost-entries", version: 1 });

type ChainRequest = Parameters<GroupParts["live"]["chain"]>[1];
type StoredEntry = Extract<StoredItem, { readonly kind: "entry" }>;

/** A subscription is renewed within this time after an era has begun. */
const [attempts, betweenAttempts] = [20, 250];

/** Whether the server lost entries that are held here: until it has them again, nothing else fits. */
export async function lacksEntries({ store, groupId, snapshot }: HeldGroup): Promise<boolean> {
  return snapshot.stored.logPlace.shift > 0 && (await store.map(lostEntries, groupId).get("from")) !== null;
}

/**
 * Gives the server back the entries that it lost, in their order and with the same bytes: stewards' commands stand in the log beside them, boxes
 * and links are what any member can compute. Whoever comes first does it; the same entry twice is one. The group must be subscribed.
 * `renew` has the subscription go on with a new token: without a steward's signature the server takes only so many entries with one. `later`: the
 * server does not take more for now.
 *
 * @throws HallError `offline`
 */
export async function giveBackEntries(
  parts: GroupParts,
  held: HeldGroup,
  renew: () => Promise<void>,
): Promise<"done" | "later"> {
  let [tries, isNewToken] = [0, false];
  while ((await lacksEntries(held)) && !parts.stop.stopped) {
    const index = (await held.store.map(lostEntries, held.groupId).get("from")) ?? 0;
    const entry = await entryAt(held, index);
    if (entry === null) {
      await forget(held);
      return "done";
    }
    const answer = await giveBack(parts, held, entry);
    if (answer.kind === "appended") {
      [tries, isNewToken] = [0, false];
      await goOn(held, index + 1);
    } else if (answer.code === "chain-quota-spent") {
      if (isNewToken) return "later";
      isNewToken = true;
      await renew();
    } else if (answer.code === "era-ended" || unsubscribed.has(answer.code) || passing.has(answer.code)) {
      if ((tries += 1) > attempts) return "later";
      await parts.clock.sleep(betweenAttempts, parts.stop);
    } else await refused(parts, held, index);
  }
  return "done";
}

/** With its command; where that key has given others since, without, if that is allowed; else with a command of this account's own. */
async function giveBack(parts: GroupParts, held: HeldGroup, entry: StoredEntry): Promise<Answer> {
  const request = requestOf(held.snapshot, entry);
  const send = (command: Uint8Array | null): Promise<Answer> => parts.live.chain(held.groupId, { ...request, command });
  let answer = await send(entry.command);
  if (isRefused(answer, "steward-counter-used") && entry.starts === null) answer = await send(null);
  if (!isRefused(answer, "chain-quota-spent", "chain-reserved", "steward-counter-used")) return answer;
  const operation = operationOf(held.snapshot, entry);
  const command = operation === null ? null : await signCommand(parts, held, operation);
  if (command === null) return answer;
  const signed = await send(command);
  // Another device of this account used the counter: the next command is far enough ahead.
  if (isRefused(signed, "steward-counter-used"))
    await held.change(async (draft) => {
      draft.set({ stewardCounter: Math.max(draft.stored.stewardCounter, parts.clock.now()) });
    });
  return signed.kind === "appended" ? signed : answer;
}

function isRefused(answer: Answer, ...codes: readonly ProblemCode[]): boolean {
  return answer.kind === "refused" && codes.includes(answer.code);
}

/** What a steward's command for the entry orders: what the lost one did, or nothing but the entry. */
function operationOf({ state }: GroupSnapshot, { index, starts, command }: StoredEntry): StewardOperation | null {
  const entryHash = state.hashes[index];
  if (command !== null) return operationIn(command);
  return entryHash === undefined || starts !== null ? null : { kind: "chain", entryHash, era: null, stewards: null };
}

function operationIn(command: Uint8Array): StewardOperation | null {
  try {
    return verifyStewardCommand(command).operation;
  } catch {
    return null;
  }
}

async function entryAt({ store, groupId, snapshot }: HeldGroup, index: number): Promise<StoredEntry | null> {
  if (index >= snapshot.state.hashes.length) return null;
  const line = await store.list(chainLines, groupId).get(index);
  const item = line === null ? null : await store.list(logItems, groupId).get(line.seq);
  return item?.kind === "entry" && item.index === index ? item : null;
}

function requestOf(snapshot: GroupSnapshot, { index, era, starts, sealed, command }: StoredEntry): ChainRequest {
  const link = starts === null ? null : linkOf(snapshot, starts);
  return { index, era, starts, sealed, boxes: [...boxesOf(snapshot, starts ?? era, index)], link, command };
}

/** Of the newest era only: keys of older ones are handed on to nobody. */
function boxesOf(
  { state, stored: { newest, groupId } }: GroupSnapshot,
  era: number,
  index: number,
): readonly LabelledBox[] {
  if (newest?.era !== era) return [];
  return makeBoxes(groupId, eraKeysOf(newest.era, newest.eraKey), boxRecipientsOfEntry(state, index)).boxes;
}

function linkOf({ state, keys, stored: { groupId } }: GroupSnapshot, era: number): EraLink | null {
  const [newer, older] = [keys.get(era), keys.get(era - 1)];
  if (newer === undefined || older === undefined) return null;
  const hasContent = state.eras[era]?.linksContent === true && newer.contentKey !== null && older.contentKey !== null;
  return {
    chain: makeChainPart(groupId, era, newer.chainKey, older.chainKey),
    content: hasContent ? makeContentPart(groupId, era, newer.contentKey, older.contentKey) : null,
  };
}

async function goOn(held: HeldGroup, from: number): Promise<void> {
  if (from >= held.snapshot.state.hashes.length) return forget(held);
  await held.change((draft) => draft.tx.map(lostEntries, draft.groupId).put("from", from));
}

async function forget(held: HeldGroup): Promise<void> {
  await held.change((draft) => draft.tx.map(lostEntries, draft.groupId).delete("from"));
}

/** Another entry stands there already, or the server does not take it: from here on there are two chains. */
async function refused({ clock }: GroupParts, held: HeldGroup, index: number): Promise<void> {
  await held.change(async (draft) => {
    await draft.tx.map(lostEntries, draft.groupId).delete("from");
    await warn(draft, "gap", `entry ${index}`, {
      noticedAt: clock.now(),
      by: null,
      detail: `the hall lost entry ${index} of the chain, and does not take it again`,
    });
  });
}
