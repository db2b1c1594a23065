import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { GroupDetail, Invite, JoinRequest } from "../../core/index.ts";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, Section, useBackLabels } from "../app/pane.tsx";
import { useFocusWhenFewer } from "../app/use-focus-when-fewer.ts";
import { usePanes } from "../app/use-panes.ts";
import { Notice } from "../design/notice.tsx";
import { Waiting } from "../design/working.tsx";
import { useGroup } from "../groups/use-groups.ts";
import { Loaded } from "../problems/loaded.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { InviteRow } from "./invite-row.tsx";
import { MakeInvite } from "./make-invite.tsx";
import { type Answered, RequestCard } from "./request-card.tsx";
import { ShowInvite } from "./show-invite.tsx";
import { useInvites, useRequests } from "./use-invites.ts";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./invites-page.module.css";

/** Who wants to come in, and the links by which people can. For facilitators. */
export default function InvitesPage({ groupId }: { readonly groupId: string }) {
  const { t } = useLingui();
  useTabTitle(t`Invites`);
  const panes = usePanes();
  const labels = useBackLabels();
  const group = useGroup(groupId);
  return (
    <>
      <PaneHead title={t`Invites`} back={panes === 1 ? { href: `/g/${groupId}`, label: labels.group } : null} />
      <PaneBody>
        <Loaded query={group}>
          {(detail) =>
            detail.standing.kind === "member" && detail.standing.role === "facilitator" ? (
              <Invites group={detail} />
            ) : (
              <Refusal failure="not-a-facilitator" />
            )
          }
        </Loaded>
      </PaneBody>
    </>
  );
}

function Invites({ group }: { readonly group: GroupDetail }) {
  const requests = useRequests(group.groupId, true);
  const invites = useInvites(group.groupId);
  const [fresh, setFresh] = useState<Invite | null>(null);
  // Requests stand above the form: it may not move under somebody's finger when they are here.
  if (requests.isPending) return <Waiting />;
  return (
    <>
      <Loaded query={requests}>{(list) => <Requests groupId={group.groupId} requests={list} />}</Loaded>
      <Section title={<Trans>Invite people</Trans>}>
        {fresh?.link ? (
          <ShowInvite
            link={fresh.link}
            mode={fresh.mode}
            lands
            onDone={() => {
              setFresh(null);
              document.getElementById("main")?.focus({ preventScroll: true });
            }}
          />
        ) : (
          <MakeInvite group={group} onMade={setFresh} />
        )}
      </Section>
      <Section title={<Trans>Invites so far</Trans>}>
        <Loaded query={invites}>{(list) => <InviteList groupId={group.groupId} invites={list} />}</Loaded>
      </Section>
    </>
  );
}

function Requests({ groupId, requests }: { readonly groupId: string; readonly requests: readonly JoinRequest[] }) {
  const [answered, setAnswered] = useState<Answered | null>(null);
  useFocusWhenFewer(requests.length);
  const done = answered ? <AnsweredLine answered={answered} /> : null;
  if (requests.length === 0) return done;
  return (
    <Section title={<Trans>They ask to come in</Trans>}>
      {done}
      <Notice tone="plain">
        <p>
          <Trans>
            The name is what they wrote themselves. If you do not know for sure who it is, ring them up and compare the
            four check words: only the device that asked shows the same ones.
          </Trans>
        </p>
      </Notice>
      <PlainList className={styles.requests}>
        {requests.map((request) => (
          <RequestCard key={request.requestId} groupId={groupId} request={request} onAnswered={setAnswered} />
        ))}
      </PlainList>
    </Section>
  );
}

/** What came of the last request that was answered here. */
function AnsweredLine({ answered: { name, isIn } }: { readonly answered: Answered }) {
  return isIn ? (
    <Notice tone="seal">
      <p>
        <Trans>{name} is in.</Trans>
      </p>
    </Notice>
  ) : (
    <Notice tone="plain">
      <p>
        <Trans>{name} was not let in.</Trans>
      </p>
    </Notice>
  );
}

function InviteList({ groupId, invites }: { readonly groupId: string; readonly invites: readonly Invite[] }) {
  const open = invites.filter((invite) => invite.state === "open");
  const over = invites.filter((invite) => invite.state !== "open");
  if (invites.length === 0)
    return (
      <p className={styles.quiet}>
        <Trans>No invite was made yet.</Trans>
      </p>
    );
  return (
    <>
      {open.length === 0 ? (
        <p className={styles.quiet}>
          <Trans>No invite is open at the moment.</Trans>
        </p>
      ) : (
        <PlainList className={styles.invites}>
          {open.map((invite) => (
            <InviteRow key={invite.inviteId} groupId={groupId} invite={invite} />
          ))}
        </PlainList>
      )}
      {over.length > 0 ? (
        <details>
          <summary className={styles.summary}>
            <Trans>Invites that are over ({over.length})</Trans>
          </summary>
          <PlainList className={styles.invites}>
            {over.map((invite) => (
              <InviteRow key={invite.inviteId} groupId={groupId} invite={invite} />
            ))}
          </PlainList>
        </details>
      ) : null}
    </>
  );
}
