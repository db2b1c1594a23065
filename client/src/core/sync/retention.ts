import { erasCut, isKnownKind, placeOfKind, toRemnant } from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import { selfOf, type GroupParts } from "./group-parts.ts";
import { logItems, type StoredItem } from "./group-store.ts";
import type { HeldGroup } from "./held-group.ts";
import { followVerdicts } from "./record-effects.ts";
import { RecordPage } from "./record-page.ts";
import type { StoredFacts } from "./stored-facts.ts";
import { commandServer } from "./steward-desk.ts";
import type { OpenGroup } from "./open-group.ts";

const dayMilliseconds = 86_400_000;
/** Records that one transaction takes the bodies of. */
const recordsAtOnce = 200;

/**
 * Carries out on this device what the group's retention says (protocol section 5): bodies that have expired go, and with a `cut` those of the
 * eras before it, with their content keys. What is left of each record keeps the chains of hashes whole. Once a day, and after a cut.
 */
export async function carryOutRetention(parts: GroupParts, held: HeldGroup): Promise<void> {
  const { stored, state } = held.snapshot;
  const [day, eras] = [Math.floor(parts.clock.now() / dayMilliseconds), erasCut(state)];
  if (stored.notebook || (day === stored.retention.day && eras <= stored.retention.eras)) return;
  const due = await dueRecords(held, { day, eras });
  for (let from = 0; from < due.length && !parts.stop.stopped; from += recordsAtOnce)
    await held.change((draft) => reduce(parts, draft, due.slice(from, from + recordsAtOnce)));
  if (parts.stop.stopped) return;
  await held.change(async (draft) => {
    for (const [era, keys] of draft.keys)
      if (era < eras && keys.contentKey !== null) draft.keys.set(era, { ...keys, contentKey: null });
    draft.set({ retention: { ...draft.stored.retention, day, eras } });
  });
}

async function dueRecords(
  { caches, store }: HeldGroup,
  upTo: { readonly day: number; readonly eras: number },
): Promise<readonly { readonly seq: number; readonly facts: StoredFacts }[]> {
  const due: { readonly seq: number; readonly facts: StoredFacts }[] = [];
  for await (const record of caches.shelf.all(store)) if (isDue(record.facts, upTo)) due.push(record);
  return due;
}

/** State records stay; of what this program does not know, or cannot tell whose it is, nobody can say that it is none. */
function isDue(
  { stub, body, expires, era }: StoredFacts,
  { day, eras }: { readonly day: number; readonly eras: number },
): boolean {
  if (stub === null || body.kind === "gone" || body.kind === "newer-version") return false;
  const isExpired = expires !== null && expires <= day;
  if (!isExpired && era >= eras) return false;
  return body.kind !== "open" || (body.known && isKnownKind(body.recordKind) && !placeOfKind(body.recordKind).state);
}

async function reduce(
  parts: GroupParts,
  draft: GroupDraft,
  records: readonly { readonly seq: number; readonly facts: StoredFacts }[],
): Promise<void> {
  const self = selfOf(parts);
  const page = new RecordPage(draft, self);
  const log = draft.tx.list(logItems, draft.groupId);
  for (const { seq, facts } of records) {
    const [item, keys] = [await log.get(seq), draft.recordKeys(facts.era)];
    if (item?.kind !== "record" || keys === null) continue;
    const left = remnantOf(item);
    await log.put(seq, left);
    page.reduce(seq, left, keys, facts);
  }
  await followVerdicts(draft, await page.judge(null), self);
}

function remnantOf(
  item: Extract<StoredItem, { readonly kind: "record" }>,
): Extract<StoredItem, { readonly kind: "tombstone" }> {
  return {
    kind: "tombstone",
    day: item.day,
    ...toRemnant(item),
    reason: item.expires === null ? "cut" : "expired",
    command: null,
  };
}

/**
 * The day that a cut would name now, by the group's rules; null where that takes nothing more. No member gets back what a cut took: so a clock
 * that is fast counts no further than the day after the newest item of the log, whose day the hall gave. Eras begin every week, so that this is
 * never long ago where a facilitator's program runs.
 */
export async function dayToCut({ snapshot, store, groupId }: HeldGroup, now: number): Promise<number | null> {
  const { state, stored } = snapshot;
  const days = state.rules?.retentionDays ?? null;
  if (days === null || stored.notebook) return null;
  const [newest] = await store.list(logItems, groupId).range({ limit: 1, direction: "backward" });
  const today = Math.min(Math.floor(now / dayMilliseconds), (newest?.value.day ?? 0) + 1);
  const day = today - days;
  return erasCut({ ...state, cutDay: Math.max(day, state.cutDay ?? 0) }) > erasCut(state) ? day : null;
}

/** Has the hall take the bodies, boxes and content links of the eras before a cut. */
export async function tellHallOfCut(parts: GroupParts, group: OpenGroup): Promise<void> {
  const { state, stored } = group.held.snapshot;
  const firstEraKept = erasCut(state);
  if (state.cutDay === null || firstEraKept <= stored.retention.told) return;
  await commandServer(parts, group, { kind: "cut", day: state.cutDay, firstEraKept });
  await group.held.change(async (draft) => {
    draft.set({ retention: { ...draft.stored.retention, told: firstEraKept } });
  });
}
