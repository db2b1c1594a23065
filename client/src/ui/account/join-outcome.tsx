import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { forgetArrival } from "../app/arrival.ts";
import { useAnnounce } from "../app/announcer.tsx";
import { useLanding } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { ButtonLink, ButtonRow } from "../design/button.tsx";
import { Waiting } from "../design/working.tsx";
import { useGroups } from "../groups/use-groups.ts";
import { useJoining } from "../invites/use-invites.ts";
import type { Failure } from "../problems/failure.ts";
import { LinkRefused } from "./link-refused.tsx";
import { TakeBack } from "./take-back.tsx";
import { CheckWords } from "./word-card.tsx";

interface Asked {
  readonly groupId: string;
  readonly groupName: string;
  readonly inviterName: string;
}

interface OutcomeProps {
  readonly asked: Asked;
  /** Why asking failed, and the way to ask again. */
  readonly refused?: { readonly failure: Failure | null; readonly onAgain: () => void };
}

/** After asking: waiting with the check words, then the group itself, or the refusal. */
export function JoinOutcome({ asked, refused }: OutcomeProps) {
  const { t } = useLingui();
  const { groupId, groupName } = asked;
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
  if (refused?.failure)
    return (
      <Sheet>
        <div className={sheetStyles.stack}>
          <LinkRefused failure={refused.failure} onAgain={refused.onAgain} />
          <div>
            <ButtonLink href="/">
              <Trans>To your groups</Trans>
            </ButtonLink>
          </div>
        </div>
      </Sheet>
    );
  if (state?.kind === "refused") return <Refused groupName={groupName} />;
  if (state?.kind === "waiting") return <WaitingForApproval asked={asked} checkWords={state.checkWords} />;
  return (
    <Sheet>
      <Waiting>
        <Trans>The group is being opened. Every entry of its record is checked on this device.</Trans>
      </Waiting>
    </Sheet>
  );
}

interface WaitingProps {
  readonly asked: Asked;
  readonly checkWords: readonly string[];
}

function WaitingForApproval({ asked, checkWords }: WaitingProps) {
  const heading = useLanding<HTMLHeadingElement>();
  const [, navigate] = useLocation();
  const { groupId, inviterName, groupName } = asked;
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
        <ButtonRow>
          <ButtonLink href="/">
            <Trans>To your groups</Trans>
          </ButtonLink>
          <TakeBack
            groupId={groupId}
            onTakenBack={() => {
              forgetArrival();
              navigate("/");
            }}
          />
        </ButtonRow>
      </div>
    </Sheet>
  );
}

function Refused({ groupName }: { readonly groupName: string }) {
  const heading = useLanding<HTMLHeadingElement>();
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
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
