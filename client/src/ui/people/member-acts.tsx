import { Trans } from "@lingui/react/macro";
import type { GroupDetail, Member } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Confirm } from "../design/dialog.tsx";
import { Refusal } from "../problems/refusal.tsx";

interface MemberActProps {
  readonly member: Member;
  readonly group: GroupDetail;
  readonly onClose: () => void;
}

export function RemoveMember({ member, group, onClose }: MemberActProps) {
  const hall = useHall();
  const { name } = member.profile;
  const remove = useAct(() => hall.groups.remove(group.groupId, member.accountId), onClose);
  return (
    <Confirm
      title={<Trans>Remove {name} from the group?</Trans>}
      act={<Trans>Remove {name}</Trans>}
      loss
      pending={remove.pending}
      onAct={() => remove.run(undefined)}
      onClose={onClose}
    >
      <ul>
        <li>
          <Trans>The keys change at once: nothing written from then on can be opened by {name}.</Trans>
        </li>
        <li>
          <Trans>What {name} has read until now stays with them. Nobody can take that back.</Trans>
        </li>
        <li>
          <Trans>Invites for coming in at once end, and so do all invites that {name} made.</Trans>
        </li>
        <li>
          <Trans>All members see that you did this. To come back, {name} has to be admitted again.</Trans>
        </li>
      </ul>
      <Refusal failure={remove.failure} />
    </Confirm>
  );
}

export function SetRole({ member, group, onClose }: MemberActProps) {
  const hall = useHall();
  const { name } = member.profile;
  const raising = member.role === "member";
  const role = raising ? "facilitator" : "member";
  const change = useAct(() => hall.groups.setRole(group.groupId, member.accountId, role), onClose);
  return (
    <Confirm
      title={
        raising ? <Trans>Make {name} a facilitator?</Trans> : <Trans>Should {name} no longer be a facilitator?</Trans>
      }
      act={raising ? <Trans>Make a facilitator</Trans> : <Trans>Take the role away</Trans>}
      loss={!raising}
      pending={change.pending}
      onAct={() => change.run(undefined)}
      onClose={onClose}
    >
      {raising ? (
        <p>
          <Trans>
            Facilitators let people in, remove them, and make and end invites. {name} could also take the role away from
            you. All members see what a facilitator does, by name.
          </Trans>
        </p>
      ) : (
        <p>
          <Trans>
            {name} stays a member and reads and writes as before, but can no longer let people in or remove them. The
            keys change at once. All members see that you did this.
          </Trans>
        </p>
      )}
      <Refusal failure={change.failure} />
    </Confirm>
  );
}
