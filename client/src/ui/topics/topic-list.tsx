import { Trans } from "@lingui/react/macro";
import { type ReactNode, Suspense, useState } from "react";
import { Link } from "wouter";
import type { TopicSummary } from "../../core/index.ts";
import { later } from "../app/later.tsx";
import { Button, ButtonLink } from "../design/button.tsx";
import { Count } from "../design/count.tsx";
import { PlusIcon } from "../design/icons.tsx";
import { When } from "../design/moment.tsx";
import { GroupState } from "../groups/group-state.tsx";
import { useGroup } from "../groups/use-groups.ts";
import { useKeptScroll } from "../groups/use-kept-scroll.ts";
import { useUnreadWords } from "../groups/unread-words.ts";
import { Loaded } from "../problems/loaded.tsx";
import { TopicTitle } from "./untitled.tsx";
import { useTopics } from "./use-topics.ts";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./topic-list.module.css";

const LeftNewTopic = later(() => import("./left-new-topic.tsx"));

const shownAtFirst = 200;

interface TopicListProps {
  readonly groupId: string;
  readonly current: string | null;
  /** Nothing else is open beside it, so that a new topic is the main thing to do. */
  readonly prominent: boolean;
}

/** The topics of a group by latest activity. */
export function TopicList({ groupId, current, prominent }: TopicListProps) {
  const topics = useTopics(groupId);
  const group = useGroup(groupId);
  const writes = group.data?.standing.kind === "member";
  return (
    <>
      {writes ? (
        <div className={styles.bar}>
          <ButtonLink href={`/g/${groupId}/new`} tone={prominent ? "main" : "quiet"}>
            <PlusIcon />
            <Trans>New topic</Trans>
          </ButtonLink>
        </div>
      ) : null}
      <Loaded query={topics}>
        {(list) => (
          <Topics groupId={groupId} topics={list} current={current}>
            {group.data ? <GroupState group={group.data} /> : null}
            {group.data && !writes ? (
              <Suspense>
                <LeftNewTopic groupId={groupId} />
              </Suspense>
            ) : null}
            {list.length === 0 ? <NoTopics writes={writes} /> : null}
          </Topics>
        )}
      </Loaded>
    </>
  );
}

function NoTopics({ writes }: { readonly writes: boolean }) {
  return (
    <div className={styles.empty}>
      <p>
        <Trans>Nothing has been written here yet.</Trans>
      </p>
      {writes ? (
        <p>
          <Trans>
            Begin with a topic: one question or one matter, said in its title, so that others find it again.
          </Trans>
        </p>
      ) : null}
    </div>
  );
}

interface TopicsProps {
  /** What stands above the topics and scrolls with them. */
  readonly children: ReactNode;
  readonly groupId: string;
  readonly topics: readonly TopicSummary[];
  readonly current: string | null;
}

function Topics({ groupId, topics, current, children }: TopicsProps) {
  const list = useKeptScroll(`topics ${groupId}`);
  const [limit, setLimit] = useState(shownAtFirst);
  return (
    <div ref={list} className={styles.list}>
      {children}
      <PlainList>
        {topics.slice(0, limit).map((topic) => (
          <li key={topic.topicId}>
            <TopicRow groupId={groupId} topic={topic} current={topic.topicId === current} />
          </li>
        ))}
      </PlainList>
      {topics.length > limit ? (
        <div className={styles.more}>
          <Button onClick={() => setLimit(limit + shownAtFirst)}>
            <Trans>Show older topics</Trans>
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function TopicRow({
  groupId,
  topic,
  current,
}: {
  readonly groupId: string;
  readonly topic: TopicSummary;
  readonly current: boolean;
}) {
  const words = useUnreadWords();
  const name = topic.latestBy.name;
  return (
    <Link
      href={`/g/${groupId}/t/${topic.topicId}`}
      className={styles.topic}
      aria-current={current ? "page" : undefined}
      data-unread={topic.unread > 0 ? "" : undefined}
    >
      <h2 className={styles.title}>
        <TopicTitle topic={topic} />
      </h2>
      <Count count={topic.unread} label={words.posts(topic.unread)} />
      {topic.latestActivity === null ? null : (
        <p className={styles.under}>
          <bdi>{name}</bdi> · <When time={topic.latestActivity} />
        </p>
      )}
    </Link>
  );
}
