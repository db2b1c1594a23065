import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";
import type { GroupDetail, Post, TopicDetail } from "../../core/index.ts";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, useBackLabels } from "../app/pane.tsx";
import { usePanes } from "../app/use-panes.ts";
import { When } from "../design/moment.tsx";
import { GroupState } from "../groups/group-state.tsx";
import { useGroup } from "../groups/use-groups.ts";
import { Loaded } from "../problems/loaded.tsx";
import { Composer } from "./composer.tsx";
import { LeftDraft } from "./left-draft.tsx";
import { PostList, type PostListHandle } from "./post-list.tsx";
import { quoted } from "./quoted.ts";
import { TopicTitle, WhyUntitled } from "./untitled.tsx";
import { useDraft } from "./use-draft.ts";
import { useTopic } from "./use-topics.ts";
import styles from "./writing.module.css";

interface TopicPageProps {
  readonly groupId: string;
  readonly topicId: string;
}

/** A topic: its posts from the first unread one on, and where one answers. */
export default function TopicPage({ groupId, topicId }: TopicPageProps) {
  const { t } = useLingui();
  useTabTitle(t`Topic`);
  const group = useGroup(groupId);
  const topic = useTopic(groupId, topicId);
  const panes = usePanes();
  const labels = useBackLabels();
  if (topic.isError && !topic.data)
    return (
      <>
        <PaneHead title={t`Topic`} back={panes === 1 ? { href: `/g/${groupId}`, label: labels.group } : null} />
        <PaneBody>
          <Loaded query={topic}>{() => null}</Loaded>
        </PaneBody>
      </>
    );
  return (
    <Loaded query={topic}>
      {(detail) => <Loaded query={group}>{(in_) => <Topic group={in_} topic={detail} />}</Loaded>}
    </Loaded>
  );
}

function Topic({ group, topic }: { readonly group: GroupDetail; readonly topic: TopicDetail }) {
  const panes = usePanes();
  const labels = useBackLabels();
  const draft = useDraft(group.groupId, topic.topicId);
  const box = useRef<HTMLTextAreaElement>(null);
  const list = useRef<PostListHandle>(null);
  const writes = group.standing.kind === "member";
  // Where the new posts began when this screen was opened; it stays there while one reads.
  const [arrival] = useState({ firstUnread: topic.firstUnread, unread: topic.unread });
  const name = topic.latestBy.name;
  const quote = (post: Post, selected: string): void => {
    draft.setText(quoted(draft.text, post, selected));
    box.current?.focus();
  };
  return (
    <>
      <PaneHead
        title={<TopicTitle topic={topic} />}
        under={
          <>
            <Plural value={topic.posts} one="# post" other="# posts" />
            {topic.latestActivity === null ? null : (
              <>
                {" · "}
                <Trans>
                  newest by <bdi>{name}</bdi>, <When time={topic.latestActivity} />
                </Trans>
              </>
            )}
            {topic.untitled === null ? null : (
              <span className={styles.why}>
                <WhyUntitled topic={topic} />
              </span>
            )}
          </>
        }
        back={panes === 1 ? { href: `/g/${group.groupId}`, label: labels.group } : null}
      />
      {panes === 1 && !writes ? <GroupState group={group} /> : null}
      <PostList
        ref={list}
        groupId={group.groupId}
        topicId={topic.topicId}
        count={topic.posts}
        firstUnread={arrival.firstUnread}
        unread={arrival.unread}
        onQuote={writes ? quote : null}
      />
      {writes ? (
        <Composer group={group} topicId={topic.topicId} draft={draft} box={box} onSent={() => list.current?.toEnd()} />
      ) : (
        <LeftDraft draft={draft} />
      )}
    </>
  );
}
