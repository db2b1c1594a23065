import { useQueries } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Post, PostPage } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { topicKeys } from "./use-topics.ts";

export const pageSize = 50;

/** The pages that hold posts `first` to `last`, counted from 0. */
export function pagesAround(first: number, last: number, total: number): readonly number[] {
  const from = Math.floor(Math.max(0, first) / pageSize);
  const to = Math.floor(Math.max(0, Math.min(last, total - 1)) / pageSize);
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, index) => from + index);
}

export interface LoadedPosts {
  readonly total: number | null;
  readonly at: (index: number) => Post | null;
  /** Everything asked for is here. */
  readonly ready: boolean;
  readonly error: unknown;
}

/** The posts of some pages of a topic; what is not loaded yet is null. */
export function usePosts(groupId: string, topicId: string, pages: readonly number[]): LoadedPosts {
  const hall = useHall();
  const combine = useCallback(
    (
      results: readonly { readonly data: PostPage | undefined; readonly error: unknown; readonly isPending: boolean }[],
    ) => {
      const loaded = results.flatMap(({ data }) => (data ? [data] : []));
      return {
        loaded,
        ready: results.every(({ isPending }) => !isPending),
        error: results.find(({ error }) => error !== null)?.error ?? null,
      };
    },
    [],
  );
  const { loaded, ready, error } = useQueries({
    queries: pages.map((page) => ({
      queryKey: topicKeys.posts(groupId, topicId, page),
      queryFn: () => hall.topics.posts(groupId, topicId, { from: page * pageSize, limit: pageSize }),
    })),
    combine,
  });
  const at = (index: number): Post | null => {
    const page = loaded.find(({ from, posts }) => index >= from && index < from + posts.length);
    return page?.posts[index - page.from] ?? null;
  };
  const total = loaded.length === 0 ? null : Math.max(...loaded.map((page) => page.total));
  return { total, at, ready, error };
}
