import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Post } from "../../core/index.ts";
import { useAnnounce } from "../app/announcer.tsx";
import { DownIcon } from "../design/icons.tsx";
import { Scrollable } from "../design/scrollable.tsx";
import { Waiting } from "../design/working.tsx";
import { failureOf } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { PostArticle, PostPlaceholder } from "./post-article.tsx";
import { useMarkRead } from "./use-mark-read.ts";
import { type LoadedPosts, pagesAround, usePosts } from "./use-posts.ts";
import styles from "./post-list.module.css";

export interface PostListHandle {
  /** Scrolls to the newest post. */
  readonly toEnd: () => void;
}

interface PostListProps {
  readonly ref: Ref<PostListHandle>;
  readonly groupId: string;
  readonly topicId: string;
  /** Posts in the topic as far as known before any page is loaded. */
  readonly count: number;
  /** Place of the first post that was unread on arrival, counted from 0; null when none was. */
  readonly firstUnread: number | null;
  readonly unread: number;
  readonly onQuote: ((post: Post, selected: string) => void) | null;
}

/** Posts beyond those in view that are loaded ahead. */
const ahead = 15;

const movesOfReaders = ["wheel", "touchstart", "pointerdown", "keydown", "focusin"] as const;

/** For how long a place is kept, in milliseconds: sizes settle well within it, and nobody is held back who moves in ways that cannot be seen here. */
const holdingTime = 1000;

/** How far a post's end may be out of view, in pixels: the room under it. */
const almost = 16;

/** A place that is kept while sizes settle: a post at the start of the view, or (null) the end. */
interface Hold {
  readonly at: number | null;
  readonly until: number;
}

function holdNow(at: number | null): Hold {
  return { at, until: performance.now() + holdingTime };
}

/** The last post that was seen: its end is in view, or it fills the view. */
function lastSeen(handle: VirtualizerHandle): number {
  const end = handle.scrollOffset + handle.viewportSize;
  const last = handle.findItemIndex(end - 1);
  const from = handle.getItemOffset(last);
  const isSeen = from + handle.getItemSize(last) <= end + almost || from <= handle.scrollOffset;
  return isSeen ? last : last - 1;
}

/** Loads the first window, then shows the list at the right place at once. */
export function PostList(props: PostListProps) {
  const start = props.firstUnread ?? props.count - 1;
  const [window, setWindow] = useState({ first: start - ahead, last: start + ahead });
  const [known, setKnown] = useState(props.count);
  const [shown, setShown] = useState(false);
  const posts = usePosts(props.groupId, props.topicId, pagesAround(window.first, window.last, known));
  const total = posts.total ?? known;
  if (total !== known) setKnown(total);
  if (posts.ready && !shown) setShown(true);
  if (posts.error !== null && posts.total === null)
    return (
      <div className={styles.frame}>
        <Refusal failure={failureOf(posts.error)} />
      </div>
    );
  if (!shown)
    return (
      <div className={styles.wait}>
        <Waiting />
      </div>
    );
  return <Scroller {...props} total={total} posts={posts} onWindow={setWindow} />;
}

interface ScrollerProps extends PostListProps {
  readonly total: number;
  readonly posts: LoadedPosts;
  readonly onWindow: (window: { readonly first: number; readonly last: number }) => void;
}

function Scroller({ ref, groupId, topicId, firstUnread, unread, onQuote, total, posts, onWindow }: ScrollerProps) {
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(-1);
  // Sizes are known only once posts are laid out, so the place is kept until then, or until the reader moves.
  const held = useRef<Hold | null>(null);
  const toEnd = (): void => {
    held.current = holdNow(null);
    list.current?.scrollToIndex(total - 1, { align: "end" });
  };
  useImperativeHandle(ref, () => ({ toEnd: () => requestAnimationFrame(toEnd) }));
  const look = (): void => {
    const handle = list.current;
    if (!handle) return;
    const first = handle.findItemIndex(handle.scrollOffset);
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - 1);
    onWindow({ first: first - ahead, last: last + ahead });
    setAtEnd(handle.scrollSize - handle.scrollOffset - handle.viewportSize < 48);
    setSeen(lastSeen(handle));
  };
  const hold = (): void => {
    if (held.current !== null && performance.now() > held.current.until) held.current = null;
    const at = held.current?.at ?? null;
    if (at !== null) list.current?.scrollToIndex(at, { align: "start" });
    // Also when a keyboard or a longer draft takes room away from somebody who reads the end.
    else if (held.current !== null || atEnd) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    look();
  };
  /** Screen readers and the browser's own search move the page without any of the events that are listened to. */
  const letGoIfMoved = (): void => {
    const [handle, at] = [list.current, held.current?.at ?? null];
    if (!handle || at === null) return;
    const kept = Math.min(handle.getItemOffset(at), handle.scrollSize - handle.viewportSize);
    if (Math.abs(handle.scrollOffset - kept) > almost) held.current = null;
  };
  const holdOnArrival = useEffectEvent(() => {
    held.current = holdNow(firstUnread);
    hold();
  });
  useLayoutEffect(() => {
    const element = scroller.current;
    const release = (): void => {
      held.current = null;
    };
    for (const kind of movesOfReaders) element?.addEventListener(kind, release, { passive: true });
    holdOnArrival();
    // Once more after the first layout, however long that took; nobody can have moved before.
    const frame = requestAnimationFrame(() => holdOnArrival());
    return () => {
      cancelAnimationFrame(frame);
      for (const kind of movesOfReaders) element?.removeEventListener(kind, release);
    };
  }, []);
  const newest = useNewestPost(posts, total, atEnd, toEnd);
  useMarkRead(groupId, topicId, posts.at(Math.min(seen, total - 1)), seen);
  const below = Math.max(0, total - 1 - seen);
  return (
    <div className={styles.frame}>
      <Scrollable ref={scroller} className={styles.scroller} aria-label={t`Posts`}>
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          itemSize={160}
          bufferSize={600}
          onScroll={look}
          onScrollEnd={letGoIfMoved}
          onResize={() => requestAnimationFrame(hold)}
        >
          {Array.from({ length: total }, (_, index) => {
            const post = posts.at(index);
            if (!post) return <PostPlaceholder key={index} />;
            return (
              <PostArticle
                key={post.recordId}
                groupId={groupId}
                post={post}
                place={index + 1}
                total={total}
                newFromHere={index === firstUnread && index > 0 ? unread : 0}
                onQuote={onQuote}
              />
            );
          })}
        </Virtualizer>
      </Scrollable>
      {atEnd ? null : (
        <button type="button" className={styles.newest} onClick={toEnd}>
          <DownIcon />
          {newest > 0 && below > 0 ? (
            <Plural value={below} one="# post below" other="# posts below" />
          ) : (
            <Trans>To the newest</Trans>
          )}
        </button>
      )}
    </div>
  );
}

/** Keeps the end in view when one is there and a post comes; says it to screen readers. Returns how many came since the screen opened. */
function useNewestPost(posts: LoadedPosts, total: number, atEnd: boolean, toEnd: () => void): number {
  const { t } = useLingui();
  const announce = useAnnounce();
  const [atFirst] = useState(total);
  const before = useRef(total);
  const newest = posts.at(total - 1);
  useEffect(() => {
    if (total <= before.current) return;
    // The newest post's page may still be on its way; the next run says it.
    if (!newest) {
      if (atEnd) toEnd();
      return;
    }
    before.current = total;
    if (atEnd || newest.mine) toEnd();
    const name = newest.author.name;
    if (!newest.mine) announce(t`New post by ${name}`);
  });
  return total - atFirst;
}
