import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import type { InvitePreview } from "../../core/index.ts";
import { forgetArrival } from "../app/arrival.ts";
import { useAnnounce } from "../app/announcer.tsx";
import { useHall } from "../app/hall.tsx";
import { useLanding } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { Button, ButtonLink, ButtonRow } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { Waiting } from "../design/working.tsx";
import { useGroups } from "../groups/use-groups.ts";
import { useJoining } from "../invites/use-invites.ts";
import type { Failure } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { CheckWords } from "./word-card.tsx";

interface OutcomeProps {
  readonly preview: InvitePreview;
  readonly failure: Failure | null;
  readonly onAgain: () => void;
}

/** After asking: waiting with the check words, then the group itself, or the refusal. */
export function JoinOutcome({ preview, failure, onAgain }: OutcomeProps) {
  const { t } = useLingui();
  const { groupId, groupName } = preview;
  const joining = useJoining();
  const groups = useGroups();
  const [, navigate] = useLocation();
  const announce = useAnnounce();
  const state = joining.data?.find((request) => request.groupId === groupId);
  const admitted =
    state?.kind === "member" ||
    (groups.data?.some((group) => group.groupId === groupId && ["member", "arriving"].includes(group.standing.kind)) ??
      false);
  useEffect(() => {
    if (!admitted) return;
    announce(t`You are in.`);
    forgetArrival();
    navigate(`/g/${groupId}`, { replace: true });
  }, [admitted, announce, groupId, navigate, t]);
  if (failure)
    return (
      <Sheet>
        <div className={sheetStyles.stack}>
          <Refusal failure={failure} acts={<Button onClick={onAgain}>{t`Try again`}</Button>} />
          <div>
            <ButtonLink href="/">
              <Trans>To your groups</Trans>
            </ButtonLink>
          </div>
        </div>
      </Sheet>
    );
  if (state?.kind === "refused") return <Refused groupName={groupName} />;
  if (state?.kind === "waiting") return <WaitingForApproval preview={preview} checkWords={state.checkWords} />;
  return (
    <Sheet>
      <Waiting>
        <Trans>The group is being opened. Every entry of its record is checked on this device.</Trans>
      </Waiting>
    </Sheet>
  );
}

interface WaitingProps {
  readonly preview: InvitePreview;
  readonly checkWords: readonly string[];
}

function WaitingForApproval({ preview, checkWords }: WaitingProps) {
  const heading = useLanding<HTMLHeadingElement>();
  const hall = useHall();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const cancel = useAct(
    () => hall.invites.cancel(preview.groupId),
    () => {
      forgetArrival();
      navigate("/");
    },
  );
  const { inviterName, groupName } = preview;
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
            <Trans>Your request is with the facilitators</Trans>
          </h1>
          <p>
            <Trans>
              When one of them lets you in, <bdi>{groupName}</bdi> opens here by itself. You can also close this page
              and come back later.
            </Trans>
          </p>
        </div>
        <div className={sheetStyles.prose}>
          <h2>
            <Trans>Your check words</Trans>
          </h2>
          <CheckWords words={checkWords} />
          <p>
            <Trans>
              <bdi>{inviterName}</bdi> sees the same four words beside your request. Read them to each other, by phone
              or in person: if they agree, nobody has put themselves between you.
            </Trans>
          </p>
        </div>
        <Refusal failure={cancel.failure} />
        <ButtonRow>
          <ButtonLink href="/">
            <Trans>To your groups</Trans>
          </ButtonLink>
          <Button tone="plain" onClick={() => setAsking(true)}>
            <Trans>Take the request back</Trans>
          </Button>
        </ButtonRow>
      </div>
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
        </Confirm>
      ) : null}
    </Sheet>
  );
}

function Refused({ groupName }: { readonly groupName: string }) {
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 className={sheetStyles.title}>
            <Trans>Your request was not accepted</Trans>
          </h1>
          <p>
            <Trans>
              A facilitator of <bdi>{groupName}</bdi> has not let you in. Your account stays as it is. Speak with the
              person who invited you.
            </Trans>
          </p>
        </div>
        <div>
          <ButtonLink href="/">
            <Trans>To your groups</Trans>
          </ButtonLink>
        </div>
      </div>
    </Sheet>
  );
}
