import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import type { GroupSummary } from "../../core/index.ts";
import { PasteLink } from "../account/paste-link.tsx";
import { useLanding, useTabTitle } from "../app/landing.ts";
import { PaneBody, Prose, Section } from "../app/pane.tsx";
import { useMe } from "../app/use-session.ts";
import { usePanes } from "../app/use-panes.ts";
import { ButtonLink } from "../design/button.tsx";
import { Count } from "../design/count.tsx";
import { PersonIcon } from "../design/icons.tsx";
import { When } from "../design/moment.tsx";
import { Loaded } from "../problems/loaded.tsx";
import { byNeed } from "./group-order.ts";
import { NeedsYou } from "./needs-you.tsx";
import { VaultNotice } from "./vault-notice.tsx";
import { useUnreadWords } from "./unread-words.ts";
import { useGroups } from "./use-groups.ts";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./home.module.css";

/** What is new, what needs you, and where to begin. */
export default function Home() {
  const { t } = useLingui();
  const groups = useGroups();
  const panes = usePanes();
  const me = useMe();
  const heading = useLanding<HTMLHeadingElement>();
  useTabTitle(null);
  return (
    <>
      <header className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          <Trans>Your groups</Trans>
        </h1>
        {panes === 1 && me ? (
          <ButtonLink href="/me" tone="icon" aria-label={t`Me: profile, lock, words, language`}>
            <PersonIcon />
          </ButtonLink>
        ) : null}
      </header>
      <PaneBody>
        <VaultNotice />
        <NeedsYou groups={groups.data ?? []} />
        <Loaded query={groups}>{(list) => (list.length === 0 ? <NoGroups /> : <GroupRows groups={list} />)}</Loaded>
        <Section title={groups.data?.length === 0 ? <Trans>Your first group</Trans> : <Trans>Another group</Trans>}>
          <PasteLink label={t`An invite link you were sent`} />
          <div>
            <ButtonLink href="/found">
              <Trans>Found a group</Trans>
            </ButtonLink>
          </div>
        </Section>
      </PaneBody>
    </>
  );
}

function NoGroups() {
  return (
    <Prose>
      <p>
        <Trans>
          You are in no group yet. Paste the invite link that a colleague sent you, or found a group and invite others.
        </Trans>
      </p>
    </Prose>
  );
}

function GroupRows({ groups }: { readonly groups: readonly GroupSummary[] }) {
  return (
    <PlainList className={styles.rows}>
      {byNeed(groups).map((group) => (
        <li key={group.groupId}>
          <GroupRow group={group} />
        </li>
      ))}
    </PlainList>
  );
}

function GroupRow({ group }: { readonly group: GroupSummary }) {
  const words = useUnreadWords();
  return (
    <Link
      href={`/g/${group.groupId}`}
      className={styles.row}
      data-unread={group.unreadTopics + group.openRequests > 0 ? "" : undefined}
    >
      <h2>
        <bdi>{group.name}</bdi>
      </h2>
      <span className={styles.counts}>
        <Count count={group.openRequests} label={words.requests(group.openRequests)} needsYou />
        <Count count={group.unreadTopics} label={words.topics(group.unreadTopics)} />
      </span>
      <p className={styles.under}>
        <GroupState group={group} />
      </p>
    </Link>
  );
}

function GroupState({ group }: { readonly group: GroupSummary }) {
  const words = useUnreadWords();
  const { standing } = group;
  switch (standing.kind) {
    case "arriving":
      return <Trans>Being fetched…</Trans>;
    case "left":
      return <Trans>You have left. What you could read stays here.</Trans>;
    case "removed":
      return (
        <Trans>
          <bdi>{standing.byName}</bdi> has removed you. What you could read stays here.
        </Trans>
      );
    case "stopped":
      return standing.reason === "no-box" ? (
        <Trans>Stands still: its newest key has not come yet.</Trans>
      ) : (
        <Trans>Stopped: its last change cannot be checked.</Trans>
      );
    case "member":
      return (
        <>
          {words.members(group.memberCount)}
          {group.latestActivity === null ? null : (
            <>
              {" · "}
              <When time={group.latestActivity} />
            </>
          )}
        </>
      );
  }
}
