import { Trans, useLingui } from "@lingui/react/macro";
import type { InvitePreview } from "../../core/index.ts";
import { useLanding } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { Button, ButtonLink } from "../design/button.tsx";
import { TextArea } from "../design/field.tsx";
import { Day } from "../design/moment.tsx";
import { HistoryRule, RetentionRule } from "../groups/rules.tsx";
import styles from "./invite-preview-step.module.css";

interface PreviewStepProps {
  readonly preview: InvitePreview;
  readonly hasAccount: boolean;
  readonly note: string;
  readonly onNote: (note: string) => void;
  readonly onNext: () => void;
}

/** Who invites, to what, under which rules: before anything is asked. */
export function InvitePreviewStep({ preview, hasAccount, note, onNote, onNext }: PreviewStepProps) {
  const { t } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  const { inviterName, groupName } = preview;
  return (
    <Sheet {...(hasAccount ? {} : { step: { at: 1, of: 4 } })}>
      <div className={sheetStyles.stack}>
        <div>
          <p className={sheetStyles.lead}>
            <Trans>
              <bdi>{inviterName}</bdi> invites you to the working group
            </Trans>
          </p>
          <h1 ref={heading} tabIndex={-1} className={styles.group}>
            <bdi>{groupName}</bdi>
          </h1>
        </div>
        <dl className={styles.rules}>
          <dt>
            <Trans>What you will be able to read</Trans>
          </dt>
          <dd>
            <HistoryRule history={preview.history} />
          </dd>
          <dt>
            <Trans>How long posts are kept</Trans>
          </dt>
          <dd>
            <RetentionRule days={preview.retentionDays} />
          </dd>
          <dt>
            <Trans>How you come in</Trans>
          </dt>
          <dd>
            {preview.mode === "approval" ? (
              <Trans>A facilitator lets you in. You can compare four check words with each other.</Trans>
            ) : (
              <Trans>At once, with this link.</Trans>
            )}
          </dd>
          <dt>
            <Trans>This invite is good until</Trans>
          </dt>
          <dd>
            <Day time={preview.expiresAt} />
          </dd>
        </dl>
        <p>
          <Trans>
            What is written there is encrypted on the members' devices. Only members can read it; whoever runs the hall
            cannot.
          </Trans>
        </p>
        {hasAccount && preview.mode === "approval" ? (
          <div className={styles.note}>
            <TextArea
              label={t`A word to the facilitators`}
              hint={t`So that they know it is you: where you met, who sent you.`}
              optional
              rows={2}
              maxLength={500}
              dir="auto"
              value={note}
              onValue={onNote}
            />
          </div>
        ) : null}
        <div className={styles.acts}>
          <Button tone="main" onClick={onNext}>
            {hasAccount ? (
              preview.mode === "approval" ? (
                <Trans>Ask to come in</Trans>
              ) : (
                <Trans>Come in</Trans>
              )
            ) : (
              <Trans>Accept the invite</Trans>
            )}
          </Button>
          {hasAccount ? (
            <ButtonLink tone="plain" href="/">
              <Trans>Not now</Trans>
            </ButtonLink>
          ) : (
            <ButtonLink tone="plain" href="/recover">
              <Trans>I already have an account: 12 words</Trans>
            </ButtonLink>
          )}
        </div>
      </div>
    </Sheet>
  );
}
