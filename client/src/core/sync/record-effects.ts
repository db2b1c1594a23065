import { equalBytes, fromHex, SEEN_MAX, toHex } from "@unionhall/crypto";
import { keepNotes } from "../groups/notebook-store.ts";
import { followPieces } from "../groups/pieces.ts";
import { indexTopics } from "../topics/topic-index.ts";
import type { GroupDraft } from "./group-draft.ts";
import { keepHandedOn } from "./handed-on-store.ts";
import { withAcknowledged } from "./outbox-plan.ts";
import { followDoubts } from "./record-doubts.ts";
import { isAccepted, openFacts, type Self, type VerdictChange } from "./verdict-change.ts";
import { warn } from "./warnings.ts";

/** Everything that follows from records that came and verdicts that changed, in one place and one order. */
export async function followVerdicts(draft: GroupDraft, changes: readonly VerdictChange[], self: Self): Promise<void> {
  if (changes.length === 0) return;
  await followOwn(draft, changes, self);
  await followVault(draft, changes, self);
  followSeen(draft, changes, self);
  await followPieces(draft, changes);
  await indexTopics(draft, changes, self);
  await followDoubts(draft, changes, self);
  await keepHandedOn(draft, changes);
  if (draft.stored.notebook) await keepNotes(draft, changes, self);
  draft.tell("records");
}

/** Own records that the log shows have left the outbox for good. */
async function followOwn(draft: GroupDraft, changes: readonly VerdictChange[], self: Self): Promise<void> {
  const device = toHex(self.device);
  for (const { facts, before } of changes)
    if (before === null && facts.stub?.device === device) await ownShown(draft, facts.recordId, fromHex(facts.hash));
}

/**
 * The log shows this record: if it is one of the outbox, it has left that. Only what this device has sent counts as its own: any member can
 * write a stub in its name.
 *
 * @param recordId hex
 */
export async function ownShown(draft: GroupDraft, recordId: string, hash: Uint8Array): Promise<void> {
  const item = await draft.caches.outbox.get(draft.tx, recordId);
  const version = item?.versions.find((sent) => equalBytes(sent.hash, hash));
  if (item === null || version === undefined) return;
  draft.set({ own: withAcknowledged(draft.stored.own, version.number, hash) });
  await draft.caches.outbox.delete(draft.tx, recordId);
  if (item.topic !== null) draft.say({ kind: "topic", groupId: draft.id, topicId: toHex(item.topic) });
  draft.say({ kind: "session" });
}

/**
 * While a recovered device reads what its account wrote before: records under a newer vault than the one that came back mean that the hall gave
 * out an old copy.
 */
async function followVault(draft: GroupDraft, changes: readonly VerdictChange[], self: Self): Promise<void> {
  const { recoveredFrom } = self;
  if (recoveredFrom === null || draft.stored.standing.kind !== "arriving") return;
  const author = toHex(self.identityKey);
  for (const { facts, vaultVersion } of changes) {
    const isOwn = facts.body.kind === "open" && facts.body.author === author;
    if (!isOwn || vaultVersion === null || vaultVersion <= recoveredFrom) continue;
    await warn(draft, "rolled-back", "vault", {
      noticedAt: self.now,
      by: null,
      detail: `this account was recovered from vault ${recoveredFrom}; version ${vaultVersion} was in use before`,
    });
  }
}

/** The newest records of others, to be named in own ones: so that readers notice what the server holds back. */
function followSeen(draft: GroupDraft, changes: readonly VerdictChange[], self: Self): void {
  const author = toHex(self.identityKey);
  const fresh = changes.filter((change) => {
    const open = openFacts(change);
    return change.before === null && isAccepted(change.after) && open !== null && open.body.author !== author;
  });
  if (fresh.length === 0) return;
  const newest = fresh.slice(-SEEN_MAX).map(({ facts }) => fromHex(facts.hash));
  draft.set({ seen: [...newest.toReversed(), ...draft.stored.seen].slice(0, SEEN_MAX) });
}
