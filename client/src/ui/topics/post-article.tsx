import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { memo, useRef, useState } from "react";
import type { Post } from "../../core/index.ts";
import { CopyButton } from "../app/copy-button.tsx";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { useConnection } from "../app/use-session.ts";
import { Button, ButtonRow } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { ClockIcon } from "../design/icons.tsx";
import { When } from "../design/moment.tsx";
import { Monogram } from "../design/monogram.tsx";
import { useGroup } from "../groups/use-groups.ts";
import { Refusal, useFailureLine } from "../problems/refusal.tsx";
import { Markdown } from "./markdown.tsx";
import { verdictWords } from "./verdict-words.ts";
import styles from "./post.module.css";

interface PostArticleProps {
  readonly groupId: string;
  readonly post: Post;
  /** Place in the topic, counted from 1. */
  readonly place: number;
  readonly total: number;
  /** How many posts are new from this one on; 0 when it is not where the new ones begin after what was read before. */
  readonly newFromHere: number;
  /** Takes what is selected in the post, too. Null where nobody can write. */
  readonly onQuote: ((post: Post, selected: string) => void) | null;
}

/** One leaflet: who, when, what, and how it stands with it. */
export const PostArticle = memo(function PostArticle(props: PostArticleProps) {
  const { groupId, post, place, total, newFromHere, onQuote } = props;
  const body = useRef<HTMLDivElement>(null);
  const heading = `post-${post.recordId}`;
  return (
    <>
      {newFromHere > 0 ? (
        <p className={styles.since}>
          <Plural value={newFromHere} one="# since you were here" other="# since you were here" />
        </p>
      ) : null}
      <article className={styles.post} aria-labelledby={heading} aria-posinset={place} aria-setsize={total}>
        <Monogram name={post.author.name} accountId={post.author.accountId} />
        <div>
          <PostHead post={post} headingId={heading} />
          {post.state.kind === "refused" ? (
            <RefusedPost post={post} reason={post.state.reason} />
          ) : (
            <div className={styles.body} ref={body}>
              <Markdown body={post.body} />
            </div>
          )}
          <PostState groupId={groupId} post={post} writes={onQuote !== null} />
          {onQuote && (post.state.kind === "sent" || post.state.kind === "late") ? (
            <div className={styles.acts}>
              <button
                type="button"
                className={styles.act}
                // A press would take the selection away that is to be quoted.
                onPointerDown={(event) => event.preventDefault()}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onQuote(post, selectedIn(body.current))}
                aria-describedby={heading}
              >
                <Trans>Quote</Trans>
              </button>
            </div>
          ) : null}
        </div>
      </article>
    </>
  );
});

/** What is selected from somewhere in this element on, as far as it lies in it. */
function selectedIn(element: HTMLElement | null): string {
  const selection = getSelection();
  if (!element || !selection || selection.isCollapsed) return "";
  const range = selection.getRangeAt(0).cloneRange();
  if (!element.contains(range.startContainer)) return "";
  if (element.contains(range.endContainer)) return selection.toString();
  range.setEnd(element, element.childNodes.length);
  return range.toString();
}

function PostHead({ post, headingId }: { readonly post: Post; readonly headingId: string }) {
  return (
    <div className={styles.who}>
      <h2 id={headingId}>
        {post.author.accountId === null ? <Trans>Someone holding the key</Trans> : <bdi>{post.author.name}</bdi>}
      </h2>{" "}
      <span className={styles.under}>
        {post.mine ? (
          <>
            <Trans>(you)</Trans>
            {" · "}
          </>
        ) : null}
        {post.union ? (
          <>
            <bdi>{post.union}</bdi>
            {" · "}
          </>
        ) : null}
        <When time={post.time} exact />
      </span>
    </div>
  );
}

function RefusedPost({ post, reason }: { readonly post: Post; readonly reason: string }) {
  const { i18n } = useLingui();
  return (
    <div className={styles.refused}>
      <p>
        <strong>
          <Trans>This post does not count.</Trans>
        </strong>{" "}
        {i18n._(verdictWords(reason))}
      </p>
      {post.text === "" ? null : (
        <details>
          <summary>
            <Trans>Show what it says all the same</Trans>
          </summary>
          <Markdown body={post.body} />
        </details>
      )}
    </div>
  );
}

interface PostStateProps {
  readonly groupId: string;
  readonly post: Post;
  /** Whether anything can be sent into the group. */
  readonly writes: boolean;
}

function PostState({ groupId, post, writes }: PostStateProps) {
  switch (post.state.kind) {
    case "sent":
    case "refused":
      return null;
    case "late":
      return (
        <p className={styles.state}>
          <Trans>Arrived late: written before the keys changed, received after.</Trans>
        </p>
      );
    case "sending":
      return <SendingPost />;
    case "failed":
      return <FailedPost groupId={groupId} post={post} problem={post.state.problem} writes={writes} />;
  }
}

function SendingPost() {
  const connection = useConnection();
  return (
    <p className={styles.state}>
      <ClockIcon />
      {connection?.kind === "online" ? (
        <Trans>Sending…</Trans>
      ) : (
        <Trans>Kept here, sent when the network is back</Trans>
      )}
    </p>
  );
}

interface FailedPostProps extends PostStateProps {
  readonly problem: string;
}

function FailedPost({ groupId, post, problem, writes }: FailedPostProps) {
  const hall = useHall();
  const line = useFailureLine();
  const standing = useGroup(groupId).data?.standing;
  const [asking, setAsking] = useState(false);
  const { recordId } = post;
  const retry = useAct(
    (_post: HTMLElement | null) => hall.topics.retry(groupId, recordId),
    // The button goes with the failure.
    (_, article) => focusOnce(article),
  );
  const discard = useAct(
    () => hall.topics.discard(groupId, recordId),
    () => setAsking(false),
  );
  return (
    <div className={styles.failed}>
      <p>
        <strong>
          <Trans>Not sent.</Trans>
        </strong>{" "}
        {problem === "group-stopped" && standing?.kind === "stopped" && standing.reason === "no-box" ? (
          <>
            <Trans>The group's newest key has not come to this device, so it stands still here.</Trans>{" "}
            <Trans>
              Everything before it stays readable and nothing is lost. Another member's device can hand the key on while
              Unionhall is open there. If it has not come by tomorrow, speak with the other members outside this group.
            </Trans>
          </>
        ) : (
          line(problem)
        )}
      </p>
      <ButtonRow>
        {writes ? (
          <Button pending={retry.pending} onClick={({ currentTarget }) => retry.run(currentTarget.closest("article"))}>
            <Trans>Try again</Trans>
          </Button>
        ) : (
          <CopyButton text={post.text}>
            <Trans>Copy the text</Trans>
          </CopyButton>
        )}
        <Button tone="plain" unavailable={retry.pending} onClick={() => setAsking(true)}>
          <Trans>Discard…</Trans>
        </Button>
      </ButtonRow>
      <Refusal failure={retry.failure} />
      {asking ? (
        <Confirm
          title={<Trans>Discard this post?</Trans>}
          act={<Trans>Discard it</Trans>}
          loss
          pending={discard.pending}
          onAct={() => discard.run(undefined)}
          onClose={() => setAsking(false)}
        >
          <p>
            <Trans>It was never sent, and its text is deleted from this device. Nobody else has seen it.</Trans>
          </p>
          <Refusal failure={discard.failure} />
        </Confirm>
      ) : null}
    </div>
  );
}

/** A post takes no focus by a click: it would go with the post when that is scrolled out of the list. */
function focusOnce(article: HTMLElement | null): void {
  if (!article) return;
  article.tabIndex = -1;
  article.addEventListener("blur", takeNoMoreFocus);
  article.focus({ preventScroll: true });
}

function takeNoMoreFocus({ currentTarget }: FocusEvent): void {
  // It keeps the focus while another window has it.
  if (currentTarget instanceof HTMLElement && document.activeElement !== currentTarget)
    currentTarget.removeAttribute("tabindex");
}

/** Stands where a post will be, so that nothing jumps when it comes. */
export function PostPlaceholder() {
  return <div className={styles.placeholder} aria-hidden="true" />;
}
