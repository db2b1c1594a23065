import type { GroupDraft } from "./group-draft.ts";
import { logItems } from "./group-store.ts";
import { followVerdicts } from "./record-effects.ts";
import { RecordPage } from "./record-page.ts";
import type { Self } from "./verdict-change.ts";

/** Reads the records of these eras that came before the content key did. */
export async function reopenRecords(draft: GroupDraft, eras: ReadonlySet<number>, self: Self): Promise<void> {
  const page = new RecordPage(draft, self);
  const log = draft.tx.list(logItems, draft.groupId);
  for await (const { seq, facts } of draft.caches.shelf.all(draft.tx)) {
    if (facts.body.kind !== "locked" || !eras.has(facts.era)) continue;
    const [item, keys] = [await log.get(seq), draft.recordKeys(facts.era)];
    if (item?.kind === "record" && keys !== null) page.reopen(seq, item, keys, facts.arrivedLate);
  }
  await followVerdicts(draft, await page.judge(null), self);
}
