import { Trans, useLingui } from "@lingui/react/macro";
import { Redirect, useLocation } from "wouter";
import { later } from "../app/later.tsx";
import { MainPane } from "../app/main-pane.tsx";
import { RailAndMain } from "../app/rail-and-main.tsx";
import { usePanes } from "../app/use-panes.ts";
import { Waiting } from "../design/working.tsx";
import { failureOf } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { ButtonLink } from "../design/button.tsx";
import { GroupHead } from "./group-head.tsx";
import { Rail } from "./rail.tsx";
import { TopicList } from "../topics/topic-list.tsx";
import { useTopics } from "../topics/use-topics.ts";
import { useGroup } from "./use-groups.ts";
import styles from "../app/desk.module.css";

const TopicPage = later(() => import("../topics/topic-page.tsx"));
const NewTopicPage = later(() => import("../topics/new-topic-page.tsx"));
const MembersPage = later(() => import("../people/members-page.tsx"));
const AboutPage = later(() => import("./about-page.tsx"));
const InvitesPage = later(() => import("../invites/invites-page.tsx"));

type Place =
  | { readonly kind: "topics" }
  | { readonly kind: "topic"; readonly topicId: string }
  | { readonly kind: "new" | "members" | "about" | "invites" }
  | { readonly kind: "unknown" };

function placeOf(path: string): Place {
  const [, , , page, topicId] = path.split("/");
  if (page === undefined || page === "") return { kind: "topics" };
  if (page === "t" && topicId) return { kind: "topic", topicId };
  if (page === "new" || page === "members" || page === "about" || page === "invites") return { kind: page };
  return { kind: "unknown" };
}

/** A group: its topics beside whatever is open in it, as many panes as there is room for. */
export function GroupFrame({ groupId }: { readonly groupId: string }) {
  const { t } = useLingui();
  const panes = usePanes();
  const [path] = useLocation();
  const place = placeOf(path);
  const group = useGroup(groupId);
  if (place.kind === "unknown") return <Redirect to={`/g/${groupId}`} replace />;
  if (group.isError && !group.data) {
    return (
      <RailAndMain>
        <div className={styles.empty}>
          <h1 className="for-ears">{t`Groups`}</h1>
          <Refusal
            failure={failureOf(group.error)}
            acts={
              <ButtonLink href="/">
                <Trans>To your groups</Trans>
              </ButtonLink>
            }
          />
        </div>
      </RailAndMain>
    );
  }
  const both = panes > 1;
  const alone = place.kind === "topics" && !both;
  return (
    <div className={styles.panes} data-columns={panes === 3 ? "rail-list-main" : both ? "list-main" : "main"}>
      {panes === 3 ? <Rail /> : null}
      {both ? <ListPane groupId={groupId} place={place} /> : null}
      <MainPane>
        {alone ? <GroupTopics groupId={groupId} place={place} /> : <Opened groupId={groupId} place={place} />}
      </MainPane>
    </div>
  );
}

function ListPane({ groupId, place }: { readonly groupId: string; readonly place: Place }) {
  const { t } = useLingui();
  return (
    <section className={styles.list} aria-label={t`Topics of the group`}>
      <GroupTopics groupId={groupId} place={place} />
    </section>
  );
}

function GroupTopics({ groupId, place }: { readonly groupId: string; readonly place: Place }) {
  const group = useGroup(groupId);
  if (!group.data) return <Waiting />;
  return (
    <>
      <GroupHead group={group.data} tab={place.kind === "topic" || place.kind === "new" ? "topics" : place.kind} />
      <TopicList
        groupId={groupId}
        current={place.kind === "topic" ? place.topicId : null}
        prominent={place.kind === "topics"}
      />
    </>
  );
}

function Opened({ groupId, place }: { readonly groupId: string; readonly place: Place }) {
  const topics = useTopics(groupId);
  switch (place.kind) {
    case "topic":
      return <TopicPage key={place.topicId} groupId={groupId} topicId={place.topicId} />;
    case "new":
      return <NewTopicPage groupId={groupId} />;
    case "members":
      return <MembersPage groupId={groupId} />;
    case "about":
      return <AboutPage groupId={groupId} />;
    case "invites":
      return <InvitesPage groupId={groupId} />;
    case "topics":
    case "unknown":
      return (
        <div className={styles.empty}>
          <p>
            {topics.data?.length === 0 ? (
              <Trans>Topics open here once there are some.</Trans>
            ) : (
              <Trans>Choose a topic from the list, or begin a new one.</Trans>
            )}
          </p>
        </div>
      );
  }
}
