import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import type { EraDue, GroupDetail } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { Notice } from "../design/notice.tsx";
import { Waiting } from "../design/working.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { GroupWarning } from "./group-warning.tsx";
import styles from "./group-state.module.css";

/** What everybody in the group should know now: lost standing, an era that is due, the newest warning. */
export function GroupState({ group }: { readonly group: GroupDetail }) {
  const newest = group.warnings.find(({ kind }) => kind !== "box-repaired" && kind !== "link-repaired");
  const due = group.eraDue.filter((reason) => reason.reason !== "weekly");
  return (
    <div className={styles.state}>
      <Standing group={group} />
      {due.map((reason) => (
        <Notice key={`${reason.reason} ${reason.name ?? ""}`} tone="care">
          <p>
            <Due due={reason} />
          </p>
        </Notice>
      ))}
      {newest ? (
        <Notice tone="urgent">
          <GroupWarning warning={newest} />
        </Notice>
      ) : null}
    </div>
  );
}

/** For pages that stand alone on a phone: why one can do nothing here any more. */
export function LostStanding({ group }: { readonly group: GroupDetail }) {
  const { kind } = group.standing;
  return kind === "member" || kind === "arriving" ? null : <Standing group={group} />;
}

function Standing({ group }: { readonly group: GroupDetail }) {
  const { standing } = group;
  switch (standing.kind) {
    case "member":
      return null;
    case "arriving":
      return (
        <Waiting>
          <Trans>The group is being fetched and checked.</Trans>
        </Waiting>
      );
    case "left":
      return (
        <Notice tone="plain" acts={<PutAway groupId={group.groupId} />}>
          <p>
            <Trans>
              You have left this group. What you could read before stays on this device until you put it away.
            </Trans>
          </p>
        </Notice>
      );
    case "removed":
      return (
        <Notice tone="urgent" acts={<PutAway groupId={group.groupId} />}>
          <p>
            <Trans>
              <bdi>{standing.byName}</bdi> has removed you from this group. What you could read before stays on this
              device until you put it away; newer posts are closed to you.
            </Trans>
          </p>
        </Notice>
      );
    case "stopped":
      return standing.reason === "no-box" ? (
        <WithoutKey byName={standing.byName} />
      ) : (
        <Stopped byName={standing.byName} />
      );
  }
}

function Stopped({ byName }: { readonly byName: string | null }) {
  return (
    <Notice tone="urgent">
      <p>
        <strong>
          {byName ? (
            <Trans>
              A change by <bdi>{byName}</bdi> cannot be followed, so this group stands still here.
            </Trans>
          ) : (
            <Trans>The group's last change cannot be followed, so it stands still here.</Trans>
          )}
        </strong>
      </p>
      <p>
        <Trans>
          Everything before it stays readable and nothing is lost. Speak with the other members outside this group
          before you go on.
        </Trans>
      </p>
    </Notice>
  );
}

/** Seldom anybody's doing: another member's program hands the key on as soon as it can. */
function WithoutKey({ byName }: { readonly byName: string | null }) {
  return (
    <Notice tone="care">
      <p>
        <strong>
          {byName ? (
            <Trans>
              <bdi>{byName}</bdi> changed the keys, and the new one has not come to this device, so this group stands
              still here.
            </Trans>
          ) : (
            <Trans>The group's newest key has not come to this device, so it stands still here.</Trans>
          )}
        </strong>
      </p>
      <p>
        <Trans>
          Everything before it stays readable and nothing is lost. Another member's device can hand the key on while
          Unionhall is open there. If it has not come by tomorrow, speak with the other members outside this group.
        </Trans>
      </p>
    </Notice>
  );
}

function PutAway({ groupId }: { readonly groupId: string }) {
  const hall = useHall();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const forget = useAct(
    () => hall.groups.forget(groupId),
    () => navigate("/"),
  );
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <Trans>Put it away…</Trans>
      </Button>
      {asking ? (
        <Confirm
          title={<Trans>Put this group away?</Trans>}
          act={<Trans>Put it away</Trans>}
          loss
          pending={forget.pending}
          onAct={() => forget.run(undefined)}
          onClose={() => setAsking(false)}
        >
          <p>
            <Trans>
              Everything of it is erased from this device: its topics, posts and record. You cannot fetch it again.
            </Trans>
          </p>
          <Refusal failure={forget.failure} />
        </Confirm>
      ) : null}
    </>
  );
}

function Due({ due }: { readonly due: EraDue }) {
  const name = due.name ?? "";
  switch (due.reason) {
    case "left":
      return (
        <Trans>
          <bdi>{name}</bdi> has left. The keys change as soon as a facilitator is online; until then new posts could
          still be opened with the old ones.
        </Trans>
      );
    case "device-revoked":
      return (
        <Trans>
          A device of <bdi>{name}</bdi> was revoked. It may still open new posts until a facilitator is online and the
          keys change.
        </Trans>
      );
    case "invite-ended":
      return (
        <Trans>
          An open invite has ended. Whoever had its link may still open new posts until a facilitator is online and the
          keys change.
        </Trans>
      );
    case "weekly":
      return <Trans>The weekly change of keys is due.</Trans>;
  }
}
