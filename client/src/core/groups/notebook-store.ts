import { fromHex, toHex, type RecordBody } from "@unionhall/crypto";
import { defineMap } from "../storage/store.ts";
import type { GroupDraft } from "../sync/group-draft.ts";
import { counts, type Self, type VerdictChange } from "../sync/verdict-change.ts";

/** What changed here and has not been written into the notebook yet; by {@link noteKey}. */
export const unsavedNotes = defineMap<UnsavedNote>({ name: "notebook/unsaved", version: 1 });

export type UnsavedNote =
  | {
      readonly kind: "read-position";
      readonly groupId: Uint8Array;
      readonly topicId: Uint8Array | null;
      readonly seq: number;
    }
  /** The text is read when the note is written: only the last one goes. */
  | { readonly kind: "draft"; readonly groupId: Uint8Array; readonly topicId: Uint8Array | null };

/** Notes that came and have not been taken over into their groups yet; by the target of the record in hex. */
export const incomingNotes = defineMap<IncomingNote>({ name: "notebook/incoming", version: 1 });

export interface IncomingNote {
  readonly body: Extract<RecordBody, { readonly kind: "read-position" | "draft" }>;
  /** By the author's clock. */
  readonly time: number;
  readonly place: number;
}

/**
 * Keeps what a page of the notebook's log brought, in the page's own transaction. What this device wrote is here already, and may have changed
 * since.
 */
export async function keepNotes(
  draft: GroupDraft,
  changes: readonly VerdictChange[],
  { device }: Pick<Self, "device">,
): Promise<void> {
  const map = draft.tx.map(incomingNotes);
  const own = toHex(device);
  for (const { facts, after, body, place } of changes) {
    if (!counts(after) || facts.target === null || facts.body.kind !== "open" || facts.stub?.device === own) continue;
    if (body?.kind !== "read-position" && body?.kind !== "draft") continue;
    const key = fromHex(facts.target);
    const known = await map.get(key);
    if (known === null || known.place < place) await map.put(key, { body, time: facts.body.time, place });
  }
}
