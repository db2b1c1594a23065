import { toHex } from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import type { GroupParts } from "./group-parts.ts";
import type { OutboxItem } from "./outbox-store.ts";
import { warn } from "./warnings.ts";

/**
 * Acknowledged records that must have been in the log by now, and are not: the server said that it had them and lost them. The same bytes are
 * sent again, and it is said.
 */
export async function sendAgain(
  { clock }: Pick<GroupParts, "clock">,
  draft: GroupDraft,
  isMissing: (item: OutboxItem) => boolean,
): Promise<void> {
  for (const item of await draft.caches.outbox.all(draft.tx)) {
    if (item.state.kind !== "acknowledged" || !isMissing(item)) continue;
    await draft.caches.outbox.put(draft.tx, { ...item, state: { kind: "sent" } });
    draft.say({ kind: "topic", groupId: draft.id, topicId: toHex(item.topic ?? item.recordId) });
    draft.say({ kind: "session" });
    await warn(draft, "gap", `lost ${toHex(item.recordId)}`, {
      noticedAt: clock.now(),
      by: null,
      detail: "the hall had acknowledged a record of this device and lost it; it is sent again",
    });
  }
}
