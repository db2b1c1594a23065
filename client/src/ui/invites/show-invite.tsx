import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Invite } from "../../core/index.ts";
import { useAnnounce } from "../app/announcer.tsx";
import { Button, ButtonRow } from "../design/button.tsx";
import { CopyIcon, DoneIcon, ShareIcon } from "../design/icons.tsx";
import { QrCode } from "./qr-code.tsx";
import styles from "./invites-page.module.css";

interface ShowInviteProps {
  readonly link: string;
  readonly mode: Invite["mode"];
  readonly onDone: () => void;
}

/** An invite link to show, copy or share. */
export function ShowInvite({ link, mode, onDone }: ShowInviteProps) {
  const { t } = useLingui();
  return (
    <div className={styles.link}>
      <p>
        {mode === "instant" ? (
          <Trans>Whoever opens this link comes in at once. Show it only to those it is meant for.</Trans>
        ) : (
          <Trans>
            Whoever opens this link can ask to come in. You will see the request here and on your front page.
          </Trans>
        )}
      </p>
      <QrCode text={link} label={t`The invite link as a QR code`} className={styles.qr ?? ""} />
      <textarea
        className={styles.url}
        readOnly
        rows={3}
        value={link}
        dir="ltr"
        aria-label={t`Invite link`}
        onFocus={(event) => event.target.select()}
      />
      <ButtonRow>
        <CopyButton text={link} />
        <ShareButton link={link} />
        <Button tone="plain" onClick={onDone}>
          <Trans>Close</Trans>
        </Button>
      </ButtonRow>
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      announce(t`Copied`);
    } catch {
      setState("failed");
      announce(t`Could not be copied. Select the link and copy it yourself.`);
    }
  };
  return (
    <>
      <Button tone="main" onClick={() => void copy()}>
        {state === "copied" ? <DoneIcon /> : <CopyIcon />}
        {state === "copied" ? t`Copied` : t`Copy the link`}
      </Button>
      {state === "failed" ? <span>{t`Could not be copied. Select the link and copy it yourself.`}</span> : null}
    </>
  );
}

/** Only where the device has something to share with. The link goes to what the person picks there. */
function ShareButton({ link }: { readonly link: string }) {
  const { t } = useLingui();
  if (typeof navigator.share !== "function") return null;
  return (
    <Button
      onClick={() => {
        // Refused when somebody closes the system's sheet without choosing: nothing to say.
        navigator.share({ url: link }).catch(() => undefined);
      }}
    >
      <ShareIcon />
      {t`Share…`}
    </Button>
  );
}
