import { LeftDraft } from "./left-draft.tsx";
import { useDraft } from "./use-draft.ts";

/** A topic that somebody had begun to write in a group where they cannot write any more. */
export default function LeftNewTopic({ groupId }: { readonly groupId: string }) {
  return <LeftDraft draft={useDraft(groupId, null)} />;
}
