import { useQuery } from "@tanstack/react-query";
import { useHall } from "../app/hall.tsx";

export const groupKeys = {
  list: ["groups"],
  one: (groupId: string) => ["group", groupId] as const,
} as const;

export function useGroups() {
  const hall = useHall();
  return useQuery({ queryKey: groupKeys.list, queryFn: () => hall.groups.list() });
}

export function useGroup(groupId: string) {
  const hall = useHall();
  return useQuery({ queryKey: groupKeys.one(groupId), queryFn: () => hall.groups.get(groupId) });
}
