import {
  EncodingError,
  equalBytes,
  SignatureError,
  toHex,
  toRemnant,
  verifyStewardCommand,
  type GroupState,
  type StewardOperation,
} from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import { logItems, type StoredItem } from "./group-store.ts";
import { followVerdicts } from "./record-effects.ts";
import { RecordPage } from "./record-page.ts";
import type { StoredFacts } from "./stored-facts.ts";
import type { Self } from "./verdict-change.ts";

type CommandItem = Extract<StoredItem, { readonly kind: "command" }>;
type Erasure = Extract<StewardOperation, { readonly kind: "erase" }>;

/**
 * Stewards' commands of the log that take away the bodies of records held here: of each only the remnant stays, as the server gives it to whoever
 * reads later. Commands that no facilitator signed take nothing away.
 */
export async function applyErasures(draft: GroupDraft, commands: readonly CommandItem[], self: Self): Promise<void> {
  const page = new RecordPage(draft, self);
  let isAny = false;
  for (const command of commands) {
    const erasure = erasureIn(draft, command);
    if (erasure !== null && (await eraseOne(draft, page, command, erasure))) isAny = true;
  }
  if (isAny) await followVerdicts(draft, await page.judge(null), self);
}

async function eraseOne(
  draft: GroupDraft,
  page: RecordPage,
  { day, command }: CommandItem,
  erasure: Erasure,
): Promise<boolean> {
  const log = draft.tx.list(logItems, draft.groupId);
  for (const position of await draft.caches.index.find(draft.tx, erasure.recordId)) {
    const facts: StoredFacts | null = await draft.caches.shelf.get(draft.tx, position);
    if (facts === null || !equalBytes(facts.hash, erasure.recordHash)) continue;
    const [item, keys] = [await log.get(position), draft.recordKeys(facts.era)];
    if (item?.kind !== "record" || keys === null) continue;
    const remnant = { ...toRemnant(item), kind: "tombstone", day, reason: "erased", command } as const;
    await log.put(position, remnant);
    page.reduce(position, remnant, keys, facts);
    return true;
  }
  return false;
}

function erasureIn(draft: GroupDraft, { command }: CommandItem): Erasure | null {
  try {
    const { groupId, stewardKey, operation } = verifyStewardCommand(command);
    const isOurs = equalBytes(groupId, draft.groupId) && isStewardKey(draft.state, stewardKey);
    return isOurs && operation.kind === "erase" ? operation : null;
  } catch (error) {
    if (error instanceof EncodingError || error instanceof SignatureError) return null;
    throw error;
  }
}

/** Whether this is or was the steward key of somebody who is or was facilitator. */
function isStewardKey(state: GroupState, key: Uint8Array): boolean {
  const wanted = toHex(key);
  for (const { facilitations, stewardKey, spentStewardKeys } of state.accounts.values()) {
    const keys = stewardKey === null ? spentStewardKeys : [stewardKey, ...spentStewardKeys];
    if (facilitations.length > 0 && keys.some((known) => toHex(known) === wanted)) return true;
  }
  return false;
}
