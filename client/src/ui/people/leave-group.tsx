import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import type { GroupDetail } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { Notice } from "../design/notice.tsx";
import { Refusal } from "../problems/refusal.tsx";

/** Leaving, with what it means, and what stands in the way of the only facilitator. */
export function LeaveGroup({ group }: { readonly group: GroupDetail }) {
  const hall = useHall();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const leave = useAct(
    () => hall.groups.leave(group.groupId),
    () => navigate(`/g/${group.groupId}`),
  );
  if (group.standing.kind !== "member") return null;
  const onlyFacilitator = group.standing.role === "facilitator" && group.facilitators === 1;
  return (
    <>
      {onlyFacilitator && group.memberCount > 1 ? (
        <Notice tone="care">
          <p>
            <Trans>
              You are the only facilitator. Make another member a facilitator before you go; without one nobody could
              admit or remove people. Two facilitators are better than one in any case.
            </Trans>
          </p>
        </Notice>
      ) : null}
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
