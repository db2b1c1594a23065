import { useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import type { GroupDetail } from "../../core/index.ts";
import { BackLink } from "../app/back-link.tsx";
import { useLanding } from "../app/landing.ts";
import { useBackLabels } from "../app/pane.tsx";
import { usePanes } from "../app/use-panes.ts";
import { Count } from "../design/count.tsx";
import { ShortRules } from "./rules.tsx";
import { useUnreadWords } from "./unread-words.ts";
import styles from "./group-head.module.css";

export type GroupTab = "topics" | "members" | "about" | "invites" | "unknown";

/** A group's name, its rules in a line, and the ways to its topics, people and rules. */
export function GroupHead({ group, tab }: { readonly group: GroupDetail; readonly tab: GroupTab }) {
  const panes = usePanes();
  const heading = useLanding<HTMLHeadingElement>();
  const words = useUnreadWords();
  const labels = useBackLabels();
  return (
    <header className={styles.head}>
      <div className={styles.top}>
        {panes < 3 ? <BackLink href="/" label={labels.home} className={styles.back ?? ""} /> : null}
        <div className={styles.words}>
          <h1 ref={heading} tabIndex={-1} className={styles.name}>
            <bdi>{group.name}</bdi>
          </h1>
          <p className={styles.under}>
            {words.members(group.memberCount)}
            {" · "}
            <ShortRules history={group.history} days={group.retentionDays} />
          </p>
        </div>
      </div>
      <GroupTabs group={group} tab={tab} />
    </header>
  );
}

export function GroupTabs({ group, tab }: { readonly group: GroupDetail; readonly tab: GroupTab }) {
  const { t } = useLingui();
  const words = useUnreadWords();
  const facilitates = group.standing.kind === "member" && group.standing.role === "facilitator";
  const link = (name: GroupTab, href: string, label: string, count: number) => (
    <Link href={href} className={styles.tab} aria-current={tab === name ? "page" : undefined}>
      {label}
      <Count count={count} label={words.requests(count)} needsYou />
    </Link>
  );
  const base = `/g/${group.groupId}`;
  return (
    <nav className={styles.tabs} aria-label={t`In this group`}>
      {link("topics", base, t`Topics`, 0)}
      {link("members", `${base}/members`, t`Members`, 0)}
      {facilitates ? link("invites", `${base}/invites`, t`Invites`, group.openRequests) : null}
      {link("about", `${base}/about`, t`About`, 0)}
    </nav>
  );
}
