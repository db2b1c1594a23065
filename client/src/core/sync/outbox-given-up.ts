import { toHex } from "@unionhall/crypto";
import type { HallProblem } from "../problems.ts";
import type { GroupDraft } from "./group-draft.ts";
import { asFailed, underWay } from "./outbox-plan.ts";

/**
 * Whoever is out of a group sends nothing more into it. What they wrote is kept as not sent, so that they can copy it; what their program
 * would have said for them goes.
 */
export async function giveUpWhenOut(draft: GroupDraft): Promise<void> {
  const problem = problemOf(draft);
  if (problem === null) return;
  for (const item of underWay(await draft.caches.outbox.all(draft.tx))) {
    const isWritten = item.body.kind === "topic" || item.body.kind === "post";
    if (isWritten) await draft.caches.outbox.put(draft.tx, asFailed(item, problem));
    else await draft.caches.outbox.delete(draft.tx, toHex(item.recordId));
    draft.say({ kind: "topic", groupId: draft.id, topicId: toHex(item.topic ?? item.recordId) });
    draft.say({ kind: "topics", groupId: draft.id });
    draft.say({ kind: "session" });
  }
}

function problemOf({ stored: { standing } }: GroupDraft): HallProblem | null {
  if (standing.kind === "removed") return "removed";
  return standing.kind === "left" ? "not-a-member" : null;
}
