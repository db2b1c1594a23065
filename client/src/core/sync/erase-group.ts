import type { Store } from "../storage/store.ts";
import { toHex } from "@unionhall/crypto";
import { drafts } from "../topics/drafts.ts";
import { chainRequests } from "./chain-request-store.ts";
import {
  chainLines,
  chainState,
  eraKeys,
  groupInfo,
  groups,
  logItems,
  posts,
  profiles,
  recordFacts,
  refusedRecords,
  topics,
  waitingRecords,
  warnings,
} from "./group-store.ts";
import { handedOnItems } from "./handed-on-store.ts";
import { lostEntries } from "./lost-entries.ts";
import { lostRecords } from "./lost-records.ts";
import { outbox } from "./outbox-store.ts";
import { recordSegments } from "./record-index.ts";

/** Takes everything about a group off this device, in one transaction. */
export async function eraseGroup(store: Store, groupId: Uint8Array): Promise<void> {
  await store.transaction(async (tx) => {
    for (const { id } of await tx.map(topics, groupId).entries()) await tx.list(posts, [groupId, String(id)]).clear();
    for (const kind of [logItems, recordFacts, chainLines, refusedRecords, recordSegments])
      await tx.list<unknown>(kind, groupId).clear();
    for (const kind of [chainState, eraKeys, waitingRecords, profiles, groupInfo, topics, warnings])
      await tx.map<unknown>(kind, groupId).clear();
    for (const kind of [outbox, lostRecords, lostEntries, chainRequests, handedOnItems])
      await tx.map<unknown>(kind, groupId).clear();
    await tx.map(drafts, groupId).clear();
    await tx.map(groups).delete(toHex(groupId));
  });
}
