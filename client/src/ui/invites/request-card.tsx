import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { JoinRequest } from "../../core/index.ts";
import { CheckWords } from "../account/word-card.tsx";
import { useAnnounce } from "../app/announcer.tsx";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button, ButtonRow } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { When } from "../design/moment.tsx";
import { Monogram } from "../design/monogram.tsx";
import { Refusal } from "../problems/refusal.tsx";
import styles from "./invites-page.module.css";

/** Whom somebody let in here, or not. */
export interface Answered {
  readonly name: string;
  readonly isIn: boolean;
}

interface RequestCardProps {
  readonly groupId: string;
  readonly request: JoinRequest;
  readonly onAnswered: (answered: Answered) => void;
}

/** One guest at the door. */
export function RequestCard({ groupId, request, onAnswered }: RequestCardProps) {
  const { t } = useLingui();
  const hall = useHall();
  const announce = useAnnounce();
  const [refusing, setRefusing] = useState(false);
  const { name } = request;
  const approve = useAct(
    () => hall.invites.approve(groupId, request.requestId),
    () => {
      announce(t`${name} is in.`);
      onAnswered({ name, isIn: true });
    },
  );
  const refuse = useAct(
    () => hall.invites.refuse(groupId, request.requestId),
    () => {
      announce(t`${name} was not let in.`);
      setRefusing(false);
      onAnswered({ name, isIn: false });
    },
  );
  return (
    <li className={styles.request}>
      <div className={styles.guest}>
        <Monogram name={name} accountId={request.accountId} />
        <div>
          <bdi className={styles.name}>{name}</bdi>
          <span className={styles.under}>
            {request.union ? (
              <>
                <bdi>{request.union}</bdi>
                {" · "}
              </>
            ) : null}
            <When time={request.receivedAt} />
          </span>
        </div>
      </div>
      {request.note === "" ? null : (
        <p className={styles.note} dir="auto">
          {request.note}
        </p>
      )}
      {request.checkWords ? (
        <CheckWords words={request.checkWords} />
      ) : (
        <p className={styles.under}>
          <Trans>The check words are being worked out. Of many requests, the first come first.</Trans>
        </p>
      )}
      <Refusal failure={approve.failure ?? refuse.failure} />
      <ButtonRow>
        <Button
          tone="main"
          pending={approve.pending}
          unavailable={refuse.pending}
          onClick={() => approve.run(undefined)}
        >
          {/* One piece of the row that a button is: a name is an element of its own. */}
          <span>
            <Trans>Let {name} in</Trans>
          </span>
        </Button>
        <Button tone="quiet" unavailable={approve.pending} onClick={() => setRefusing(true)}>
          <Trans>Refuse…</Trans>
        </Button>
      </ButtonRow>
      {refusing ? (
        <Confirm
          title={<Trans>Refuse {name}?</Trans>}
          act={<Trans>Refuse</Trans>}
          loss
          pending={refuse.pending}
          onAct={() => refuse.run(undefined)}
          onClose={() => setRefusing(false)}
        >
          <p>
            <Trans>
              {name} is told that the request was not accepted, and can read nothing of the group. Whoever still has the
              link can ask again until the invite ends.
            </Trans>
          </p>
        </Confirm>
      ) : null}
    </li>
  );
}
