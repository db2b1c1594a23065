import { equalBytes, type GroupAccount } from "@unionhall/crypto";
import type { GroupDraft } from "./group-draft.ts";
import { chainLines, type StoredLine } from "./group-store.ts";

/**
 * Whether this steward key was listed at a place of the log (protocol section 4, rule 1): its holder was facilitator there, and it was not struck or
 * replaced yet. The server lists keys of facilitators alone; but whoever was one keeps the key, and the server may obey it.
 */
export async function wasListed(draft: GroupDraft, stewardKey: Uint8Array, position: number): Promise<boolean> {
  for (const account of draft.state.accounts.values()) {
    const isCurrent = account.stewardKey !== null && equalBytes(account.stewardKey, stewardKey);
    const spent = account.spentStewardKeys.findIndex((key) => equalBytes(key, stewardKey));
    if (!isCurrent && spent < 0) continue;
    const isFacilitator = await wasFacilitator(draft, account, position);
    return isFacilitator && (isCurrent || position < (await spentFrom(draft, account, spent)));
  }
  return false;
}

async function wasFacilitator(draft: GroupDraft, account: GroupAccount, position: number): Promise<boolean> {
  const lines = draft.tx.list(chainLines, draft.groupId);
  for (const { from, until } of account.facilitations) {
    const [first, last] = [await lines.get(from), until === null ? null : await lines.get(until)];
    const isBegun = first !== null && first.seq < position;
    if (isBegun && (until === null || (last !== null && position < last.seq))) return true;
  }
  return false;
}

/**
 * The place of the log from which an account's spent steward key (by its number among them) may have been spent: each was by one of the entries
 * that can do so, in their order.
 */
async function spentFrom(draft: GroupDraft, account: GroupAccount, number: number): Promise<number> {
  const lines = draft.tx.list(chainLines, draft.groupId);
  const first = account.stays[0]?.from ?? 0;
  let seen = 0;
  for (let from = first + 1; ; from += linesAtOnce) {
    const page = await lines.range({ from, limit: linesAtOnce, direction: "forward" });
    for (const { value } of page) if (maySpend(value, account) && seen++ === number) return value.seq;
    if (page.length < linesAtOnce) return 0;
  }
}

const linesAtOnce = 500;

/** Of an account's news only what revokes: a new device leaves its steward key as it was. */
function maySpend({ acts, voidReason }: StoredLine, { identityKey }: GroupAccount): boolean {
  if (voidReason !== null) return false;
  return acts.some(
    (act) =>
      ((act.kind === "account-update" && act.revokes > 0) || act.kind === "admit" || act.kind === "join") &&
      equalBytes(act.who, identityKey),
  );
}
