import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { memo, useState } from "react";
import type { Post } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { useConnection } from "../app/use-session.ts";
import { Button, ButtonRow } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { ClockIcon } from "../design/icons.tsx";
import { When } from "../design/moment.tsx";
import { Monogram } from "../design/monogram.tsx";
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
  /** Null where nobody can write. */
  readonly onQuote: ((post: Post) => void) | null;
}

/** One leaflet: who, when, what, and how it stands with it. */
export const PostArticle = memo(function PostArticle(props: PostArticleProps) {
  const { groupId, post, place, total, newFromHere, onQuote } = props;
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
            <div className={styles.body}>
              <Markdown body={post.body} />
            </div>
          )}
          <PostState groupId={groupId} post={post} />
          {onQuote && (post.state.kind === "sent" || post.state.kind === "late") ? (
            <div className={styles.acts}>
              <button type="button" className={styles.act} onClick={() => onQuote(post)} aria-describedby={heading}>
                <Trans>Quote</Trans>
              </button>
            </div>
          ) : null}
        </div>
      </article>
    </>
  );
});

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

function PostState({ groupId, post }: { readonly groupId: string; readonly post: Post }) {
  const connection = useConnection();
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
    case "failed":
      return <FailedPost groupId={groupId} recordId={post.recordId} problem={post.state.problem} />;
  }
}

interface FailedPostProps {
  readonly groupId: string;
  readonly recordId: string;
  readonly problem: string;
}

function FailedPost({ groupId, recordId, problem }: FailedPostProps) {
  const hall = useHall();
  const line = useFailureLine();
  const [asking, setAsking] = useState(false);
  const retry = useAct(() => hall.topics.retry(groupId, recordId));
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
        {line(problem)}
      </p>
      <ButtonRow>
        <Button pending={retry.pending} onClick={() => retry.run(undefined)}>
          <Trans>Try again</Trans>
        </Button>
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

/** Stands where a post will be, so that nothing jumps when it comes. */
export function PostPlaceholder() {
  return <div className={styles.placeholder} aria-hidden="true" />;
}
