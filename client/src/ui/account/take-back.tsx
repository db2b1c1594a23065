import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { Refusal } from "../problems/refusal.tsx";

interface TakeBackProps {
  readonly groupId: string;
  readonly onTakenBack?: () => void;
}

/** Takes back one's own request to come in, after asking. */
export function TakeBack({ groupId, onTakenBack }: TakeBackProps) {
  const hall = useHall();
  const [asking, setAsking] = useState(false);
  const cancel = useAct(() => hall.invites.cancel(groupId), onTakenBack);
  return (
    <>
      <Button tone="plain" onClick={() => setAsking(true)}>
        <Trans>Take the request back</Trans>
      </Button>
      {asking ? (
        <Confirm
          title={<Trans>Take your request back?</Trans>}
          act={<Trans>Take it back</Trans>}
          loss
          pending={cancel.pending}
          onAct={() => cancel.run(undefined)}
          onClose={() => setAsking(false)}
        >
          <p>
            <Trans>This device stops waiting for an answer. To ask again you need the invite link.</Trans>
          </p>
          <Refusal failure={cancel.failure} />
        </Confirm>
      ) : null}
    </>
  );
}
