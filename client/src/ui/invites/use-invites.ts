import { useQuery } from "@tanstack/react-query";
import { useHall } from "../app/hall.tsx";

export const inviteKeys = {
  list: (groupId: string) => ["invites", groupId, "list"] as const,
  requests: (groupId: string) => ["invites", groupId, "requests"] as const,
  joining: ["joining"],
} as const;

export function useInvites(groupId: string) {
  const hall = useHall();
  return useQuery({ queryKey: inviteKeys.list(groupId), queryFn: () => hall.invites.list(groupId) });
}

export function useRequests(groupId: string, enabled: boolean) {
  const hall = useHall();
  return useQuery({
    queryKey: inviteKeys.requests(groupId),
    queryFn: () => hall.invites.requests(groupId),
    enabled,
  });
}

/** Requests of one's own that wait for approval. */
export function useJoining() {
  const hall = useHall();
  return useQuery({ queryKey: inviteKeys.joining, queryFn: () => hall.invites.joining() });
}
