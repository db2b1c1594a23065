import { useQuery } from "@tanstack/react-query";
import { useHall } from "../app/hall.tsx";

export const topicKeys = {
  list: (groupId: string) => ["topics", groupId] as const,
  refused: (groupId: string) => ["refused", groupId] as const,
  one: (groupId: string, topicId: string) => ["topic", groupId, topicId] as const,
  detail: (groupId: string, topicId: string) => ["topic", groupId, topicId, "detail"] as const,
  posts: (groupId: string, topicId: string, page: number) => ["topic", groupId, topicId, "posts", page] as const,
} as const;

export function useTopics(groupId: string) {
  const hall = useHall();
  return useQuery({ queryKey: topicKeys.list(groupId), queryFn: () => hall.topics.list(groupId) });
}

export function useTopic(groupId: string, topicId: string) {
  const hall = useHall();
  return useQuery({ queryKey: topicKeys.detail(groupId, topicId), queryFn: () => hall.topics.get(groupId, topicId) });
}

export function useRefused(groupId: string) {
  const hall = useHall();
  return useQuery({ queryKey: topicKeys.refused(groupId), queryFn: () => hall.topics.refused(groupId) });
}
