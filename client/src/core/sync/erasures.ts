import {
  EncodingError,
  equalBytes,
  SignatureError,
  toRemnant,
  verifyStewardCommand,
  type StewardOperation,
} from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import { logItems } from "./group-store.ts";
import { followVerdicts } from "./record-effects.ts";
import { RecordPage } from "./record-page.ts";
import { wasListed } from "./listed-stewards.ts";
import type { StoredFacts } from "./stored-facts.ts";
import type { Self } from "./verdict-change.ts";

/** A command of the log, and where it stands there. */
export interface PlacedCommand {
  readonly position: number;
  /** In days since 1970. */
  readonly day: number;
  readonly command: Uint8Array;
}

type Erasure = Extract<StewardOperation, { readonly kind: "erase" }>;

/**
 * Stewards' commands of the log that take away the bodies of records held here: of each only the remnant stays, as the server gives it to whoever
 * reads later. A command takes away only what stood in the log before it, and only while its signer was facilitator there.
 */
export async function applyErasures(draft: GroupDraft, commands: readonly PlacedCommand[], self: Self): Promise<void> {
  const page = new RecordPage(draft, self);
  let isAny = false;
  for (const command of commands) {
    const erasure = await erasureIn(draft, command);
    if (erasure !== null && (await eraseOne(draft, page, command, erasure))) isAny = true;
  }
  if (isAny) await followVerdicts(draft, await page.judge(null), self);
}

async function eraseOne(
  draft: GroupDraft,
  page: RecordPage,
  { position: before, day, command }: PlacedCommand,
  erasure: Erasure,
): Promise<boolean> {
  const log = draft.tx.list(logItems, draft.groupId);
  for (const position of await draft.caches.index.find(draft.tx, erasure.recordId)) {
    const facts: StoredFacts | null = await draft.caches.shelf.get(draft.tx, position);
    if (facts === null || position >= before || !equalBytes(facts.hash, erasure.recordHash)) continue;
    const [item, keys] = [await log.get(position), draft.recordKeys(facts.era)];
    if (item?.kind !== "record" || keys === null) continue;
    const remnant = { ...toRemnant(item), kind: "tombstone", day, reason: "erased", command } as const;
    await log.put(position, remnant);
    page.reduce(position, remnant, keys, facts);
    return true;
  }
  return false;
}

async function erasureIn(draft: GroupDraft, { position, command }: PlacedCommand): Promise<Erasure | null> {
  try {
    const { groupId, stewardKey, operation } = verifyStewardCommand(command);
    if (operation.kind !== "erase" || !equalBytes(groupId, draft.groupId)) return null;
    return (await wasListed(draft, stewardKey, position)) ? operation : null;
  } catch (error) {
    if (error instanceof EncodingError || error instanceof SignatureError) return null;
    throw error;
  }
}
