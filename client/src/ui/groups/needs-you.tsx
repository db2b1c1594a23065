import { Trans } from "@lingui/react/macro";
import type { GroupSummary, JoinState } from "../../core/index.ts";
import { TakeBack } from "../account/take-back.tsx";
import { CheckWords } from "../account/word-card.tsx";
import { useHall } from "../app/hall.tsx";
import { Section } from "../app/pane.tsx";
import { useAct } from "../app/use-act.ts";
import { Button, ButtonLink } from "../design/button.tsx";
import { useJoining } from "../invites/use-invites.ts";
import { useUnreadWords } from "./unread-words.ts";
import styles from "./home.module.css";

/** Requests to answer, and one's own that wait. Nothing when nothing does. */
export function NeedsYou({ groups }: { readonly groups: readonly GroupSummary[] }) {
  const joining = useJoining();
  const words = useUnreadWords();
  const asked = groups.filter((group) => group.openRequests > 0);
  const own = (joining.data ?? []).filter((state) => state.kind !== "member");
  if (asked.length + own.length === 0) return null;
  return (
    <Section title={<Trans>Needs you</Trans>}>
      <div className={styles.needs}>
        {asked.map((group) => (
          <div key={group.groupId} className={styles.need}>
            <p>
              <strong>{words.requests(group.openRequests)}</strong> · <bdi>{group.name}</bdi>
            </p>
            <ButtonLink href={`/g/${group.groupId}/invites`}>
              <Trans>Look at them</Trans>
            </ButtonLink>
          </div>
        ))}
        {own.map((state) => (
          <OwnRequest key={state.groupId} state={state} />
        ))}
      </div>
    </Section>
  );
}

function OwnRequest({ state }: { readonly state: JoinState }) {
  const hall = useHall();
  const cancel = useAct(() => hall.invites.cancel(state.groupId));
  const { groupName } = state;
  return (
    <div className={styles.need}>
      {state.kind === "waiting" ? (
        <>
          <p>
            <Trans>
              You have asked to come into <strong>{groupName}</strong>. When a facilitator lets you in, it opens here.
              Your check words:
            </Trans>
          </p>
          <CheckWords words={state.checkWords} />
        </>
      ) : (
        <p>
          <Trans>
            Your request to come into <strong>{groupName}</strong> was not accepted. Speak with the person who invited
            you.
          </Trans>
        </p>
      )}
      {state.kind === "waiting" ? (
        <TakeBack groupId={state.groupId} />
      ) : (
        <Button tone="plain" pending={cancel.pending} onClick={() => cancel.run(undefined)}>
          <Trans>Put away</Trans>
        </Button>
      )}
    </div>
  );
}
