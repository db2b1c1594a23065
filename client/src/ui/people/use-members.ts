import { useQuery } from "@tanstack/react-query";
import { useHall } from "../app/hall.tsx";

export const memberKeys = {
  list: (groupId: string) => ["members", groupId, "list"] as const,
  chain: (groupId: string) => ["members", groupId, "chain"] as const,
} as const;

export function useMembers(groupId: string) {
  const hall = useHall();
  return useQuery({ queryKey: memberKeys.list(groupId), queryFn: () => hall.groups.members(groupId) });
}

export function useChain(groupId: string) {
  const hall = useHall();
  return useQuery({ queryKey: memberKeys.chain(groupId), queryFn: () => hall.groups.chain(groupId) });
}
