import { Plural, Trans } from "@lingui/react/macro";
import { useRef, useState } from "react";
import type { Invite } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { Day } from "../design/moment.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { ShowInvite } from "./show-invite.tsx";
import styles from "./invites-page.module.css";

export function InviteRow({ groupId, invite }: { readonly groupId: string; readonly invite: Invite }) {
  const hall = useHall();
  const [shown, setShown] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const hide = (): void => {
    setShown(false);
    toggle.current?.focus();
  };
  const [ending, setEnding] = useState(false);
  const end = useAct(
    () => hall.invites.end(groupId, invite.inviteId),
    () => setEnding(false),
  );
  return (
    <li className={styles.invite}>
      <div className={styles.line}>
        <div>
          <InviteWords invite={invite} />
        </div>
        {invite.state === "open" ? (
          <>
            {invite.link ? (
              <Button ref={toggle} aria-expanded={shown} onClick={() => setShown(!shown)}>
                {shown ? <Trans>Hide the link</Trans> : <Trans>Show the link</Trans>}
              </Button>
            ) : null}
            <Button tone="loss" onClick={() => setEnding(true)}>
              <Trans>End…</Trans>
            </Button>
          </>
        ) : null}
      </div>
      {shown && invite.link ? <ShowInvite link={invite.link} mode={invite.mode} onDone={hide} /> : null}
      {ending ? (
        <Confirm
          title={<Trans>End this invite?</Trans>}
          act={<Trans>End the invite</Trans>}
          loss
          pending={end.pending}
          onAct={() => end.run(undefined)}
          onClose={() => setEnding(false)}
        >
          <p>
            {invite.mode === "instant" ? (
              <Trans>
                Nobody comes in with it any more, and the keys change at once, so that the link opens nothing new.
              </Trans>
            ) : (
              <Trans>
                Nobody can ask with it any more. Requests that came through it and wait can no longer be accepted.
              </Trans>
            )}
          </p>
          <Refusal failure={end.failure} />
        </Confirm>
      ) : null}
    </li>
  );
}

function InviteWords({ invite }: { readonly invite: Invite }) {
  const { usesLeft, uses } = invite;
  const maker = invite.madeBy.name;
  return (
    <>
      <strong>
        {invite.mode === "instant" ? <Trans>Comes in at once</Trans> : <Trans>Asks to come in</Trans>}
        {invite.note === "" ? null : (
          <>
            {" · "}
            <bdi>{invite.note}</bdi>
          </>
        )}
      </strong>
      <span className={styles.under}>
        <InviteStateWords invite={invite} />
        {" · "}
        <Trans>
          <Plural value={usesLeft} one="# use left" other="# uses left" /> of {uses}
        </Trans>
        {" · "}
        <Trans>
          made by <bdi>{maker}</bdi>
        </Trans>
      </span>
      {invite.state === "open" && invite.link === null ? (
        <span className={styles.under}>
          <Trans>Only the device that made it has the link.</Trans>
        </span>
      ) : null}
    </>
  );
}

function InviteStateWords({ invite }: { readonly invite: Invite }) {
  const expiry = <Day time={invite.expiresAt} />;
  switch (invite.state) {
    case "open":
      return <Trans>good until {expiry}</Trans>;
    case "ended":
      return <Trans>ended by a facilitator</Trans>;
    case "expired":
      return <Trans>expired on {expiry}</Trans>;
    case "spent":
      return <Trans>used up</Trans>;
  }
}
