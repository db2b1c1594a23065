import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Change, Unionhall } from "../../core/index.ts";
import { groupKeys } from "../groups/use-groups.ts";
import { memberKeys } from "../people/use-members.ts";
import { inviteKeys } from "../invites/use-invites.ts";
import { topicKeys } from "../topics/use-topics.ts";
import { sessionKeys } from "./use-session.ts";

/** Which queries a change makes stale. */
function staleAfter(change: Change): readonly QueryKey[] {
  switch (change.kind) {
    case "session":
      return [sessionKeys.all];
    case "groups":
      return [groupKeys.list];
    case "group":
      return [groupKeys.list, groupKeys.one(change.groupId)];
    case "members":
      return [memberKeys.list(change.groupId), memberKeys.chain(change.groupId), groupKeys.one(change.groupId)];
    case "invites":
      return [inviteKeys.list(change.groupId), inviteKeys.requests(change.groupId), groupKeys.list];
    case "joining":
      return [inviteKeys.joining];
    case "topics":
      return [topicKeys.list(change.groupId), topicKeys.refused(change.groupId), groupKeys.list];
    case "topic":
      return [topicKeys.one(change.groupId, change.topicId)];
    // Whoever writes hears of it where they write.
    case "draft":
      return [];
  }
}

/** Lets core's change events make stale what they name. Returns the way to stop. */
export function followChanges(hall: Unionhall, queries: QueryClient): () => void {
  return hall.subscribe((change) => {
    for (const queryKey of staleAfter(change)) void queries.invalidateQueries({ queryKey });
  });
}
