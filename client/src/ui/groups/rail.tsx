import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useRoute } from "wouter";
import type { GroupSummary } from "../../core/index.ts";
import { useMe } from "../app/use-session.ts";
import { Count } from "../design/count.tsx";
import { PlusIcon } from "../design/icons.tsx";
import { byName } from "./group-order.ts";
import { useGroups } from "./use-groups.ts";
import { useUnreadWords } from "./unread-words.ts";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./rail.module.css";

/** The groups one is in, always at hand where there is room. */
export function Rail() {
  const { t, i18n } = useLingui();
  const groups = useGroups();
  const me = useMe();
  return (
    <nav className={styles.rail} aria-label={t`Groups`}>
      <Link href="/" className={styles.brand}>
        <i aria-hidden="true" />
        Unionhall
      </Link>
      <PlainList>
        {byName(groups.data ?? [], i18n.locale).map((group) => (
          <li key={group.groupId}>
            <RailGroup group={group} />
          </li>
        ))}
      </PlainList>
      <Link href="/found" className={styles.found}>
        <PlusIcon />
        <Trans>Found a group</Trans>
      </Link>
      {me ? (
        <Link href="/me" className={styles.you}>
          <strong>
            <bdi>{me.profile.name}</bdi>
          </strong>
          {me.lock === "passphrase" ? (
            <Trans>This device asks for your passphrase</Trans>
          ) : (
            <Trans>This device has no lock</Trans>
          )}
        </Link>
      ) : null}
    </nav>
  );
}

function RailGroup({ group }: { readonly group: GroupSummary }) {
  const [current] = useRoute(`/g/${group.groupId}/*?`);
  const words = useUnreadWords();
  const here = group.standing.kind === "member" || group.standing.kind === "arriving";
  return (
    <Link
      href={`/g/${group.groupId}`}
      className={`${styles.group} ${here ? "" : styles.gone}`}
      aria-current={current ? "page" : undefined}
      data-unread={group.unreadTopics + group.openRequests > 0 ? "" : undefined}
    >
      <span>
        <bdi>{group.name}</bdi>
      </span>
      <Count count={group.openRequests} label={words.requests(group.openRequests)} needsYou />
      <Count count={group.unreadTopics} label={words.topics(group.unreadTopics)} />
    </Link>
  );
}
