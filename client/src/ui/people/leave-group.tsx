import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import type { GroupDetail } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button, ButtonLink } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { Notice } from "../design/notice.tsx";
import { Refusal } from "../problems/refusal.tsx";

interface LeaveGroupProps {
  readonly group: GroupDetail;
}

/** Leaving, with what it means; where it cannot be, what can. */
export function LeaveGroup({ group }: LeaveGroupProps) {
  const hall = useHall();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const leave = useAct(
    () => hall.groups.leave(group.groupId),
    () => navigate(`/g/${group.groupId}`),
  );
  if (group.standing.kind !== "member") return null;
  if (group.memberCount === 1) return <PutAwayAlone group={group} />;
  if (group.standing.role === "facilitator" && group.facilitators === 1) return <OnlyFacilitator group={group} />;
  return (
    <>
      <div>
        <Button tone="loss" onClick={() => setAsking(true)}>
          <Trans>Leave this group…</Trans>
        </Button>
      </div>
      {asking ? (
        <Confirm
          title={<Trans>Leave “{group.name}”?</Trans>}
          act={<Trans>Leave the group</Trans>}
          loss
          pending={leave.pending}
          onAct={() => leave.run(undefined)}
          onClose={() => setAsking(false)}
        >
          <ul>
            <li>
              <Trans>You can no longer read what is written from now on, nor write.</Trans>
            </li>
            <li>
              <Trans>
                What you wrote stays with the group. What you could read stays on this device until you put it away.
              </Trans>
            </li>
            <li>
              <Trans>To come back you need a new invite.</Trans>
            </li>
          </ul>
          <Refusal failure={leave.failure} />
        </Confirm>
      ) : null}
    </>
  );
}

/** Without a facilitator nobody could admit or remove people, so the only one stays until there is another. */
function OnlyFacilitator({ group }: LeaveGroupProps) {
  const members = `/g/${group.groupId}/members`;
  const [path] = useLocation();
  return (
    <Notice
      tone="care"
      acts={
        path === members ? null : (
          <ButtonLink href={members}>
            <Trans>To the members</Trans>
          </ButtonLink>
        )
      }
    >
      <p>
        <Trans>
          You are the only facilitator. Make another member a facilitator before you go; without one nobody could admit
          or remove people. Two facilitators are better than one in any case.
        </Trans>
      </p>
    </Notice>
  );
}

/** Nobody can leave a group behind that nobody is in. */
function PutAwayAlone({ group }: LeaveGroupProps) {
  const hall = useHall();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const forget = useAct(
    () => hall.groups.forget(group.groupId),
    () => navigate("/", { replace: true }),
  );
  return (
    <>
      <p>
        <Trans>You are alone in this group. If it is not needed any more, put it away.</Trans>
      </p>
      <div>
        <Button tone="loss" onClick={() => setAsking(true)}>
          <Trans>Put this group away…</Trans>
        </Button>
      </div>
      {asking ? (
        <Confirm
          title={<Trans>Put “{group.name}” away?</Trans>}
          act={<Trans>Put it away</Trans>}
          loss
          pending={forget.pending}
          onAct={() => forget.run(undefined)}
          onClose={() => setAsking(false)}
        >
          <ul>
            <li>
              <Trans>
                Its topics, posts and record are erased here at once and from your other devices soon after. Nobody can
                bring them back.
              </Trans>
            </li>
            <li>
              <Trans>Its invites end, and requests to come in are not answered any more.</Trans>
            </li>
          </ul>
          <Refusal failure={forget.failure} />
        </Confirm>
      ) : null}
    </>
  );
}
