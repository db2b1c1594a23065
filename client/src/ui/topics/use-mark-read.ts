import { useEffect, useRef } from "react";
import type { Post } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";

const lookingTime = 600;

/** Says that everything up to a post has been seen, once it was in view for a moment in a visible window. */
export function useMarkRead(groupId: string, topicId: string, post: Post | null, place: number): void {
  const hall = useHall();
  const marked = useRef(-1);
  const recordId = post?.recordId ?? null;
  useEffect(() => {
    if (recordId === null || place <= marked.current) return undefined;
    const mark = (): void => {
      if (document.visibilityState !== "visible") return;
      marked.current = place;
      // Unread marks are put right the next time the topic is opened.
      hall.topics.markRead(groupId, topicId, recordId).catch(() => undefined);
    };
    const timer = setTimeout(mark, lookingTime);
    document.addEventListener("visibilitychange", mark);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", mark);
    };
  }, [hall, groupId, topicId, recordId, place]);
}
