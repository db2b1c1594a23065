import type { GroupDraft } from "./group-draft.ts";
import { warnings, type StoredWarning } from "./group-store.ts";

/**
 * Keeps a warning, to be shown with the group. `cause` tells causes of one kind apart: the same cause is said once, from when it was first
 * noticed. `detail` is an English sentence without anything that somebody wrote.
 */
export async function warn(
  draft: GroupDraft,
  kind: StoredWarning["kind"],
  cause: string,
  warning: Omit<StoredWarning, "kind">,
): Promise<void> {
  const map = draft.tx.map(warnings, draft.groupId);
  const key = `${kind} ${cause}`;
  if ((await map.get(key)) !== null) return;
  await map.put(key, { kind, ...warning });
  draft.say({ kind: "group", groupId: draft.id });
}

/** Takes a warning back: what it said does not hold any more. */
export async function unwarn(draft: GroupDraft, kind: StoredWarning["kind"], cause: string): Promise<void> {
  const map = draft.tx.map(warnings, draft.groupId);
  const key = `${kind} ${cause}`;
  if ((await map.get(key)) === null) return;
  await map.delete(key);
  draft.say({ kind: "group", groupId: draft.id });
}
