import type { HandedOn } from "@unionhall/crypto";
import { defineMap } from "../storage/store.ts";
import type { GroupDraft } from "./group-draft.ts";
import { counts, type VerdictChange } from "./verdict-change.ts";

/** Scope: group. By `seq` of the `statement` record: what members hand on for facilitators' clients to put where it belongs. */
export const handedOnItems = defineMap<HandedOn>({ name: "sync/handed-on", version: 1 });

export async function keepHandedOn(draft: GroupDraft, changes: readonly VerdictChange[]): Promise<void> {
  const map = draft.tx.map(handedOnItems, draft.groupId);
  for (const { seq, after, body } of changes)
    if (counts(after) && body?.kind === "statement") await map.put(seq, body.handedOn);
}
