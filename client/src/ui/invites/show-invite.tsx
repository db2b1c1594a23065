import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import type { Invite } from "../../core/index.ts";
import { CopyButton } from "../app/copy-button.tsx";
import { Button, ButtonRow } from "../design/button.tsx";
import { ShareIcon } from "../design/icons.tsx";
import { QrCode } from "./qr-code.tsx";
import styles from "./invites-page.module.css";

interface ShowInviteProps {
  readonly link: string;
  readonly mode: Invite["mode"];
  readonly onDone: () => void;
  /** It came in place of what was pressed: the focus goes to it. */
  readonly lands?: boolean;
}

/** An invite link to show, copy or share. */
export function ShowInvite({ link, mode, onDone, lands = false }: ShowInviteProps) {
  const { t } = useLingui();
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    if (lands) region.current?.focus();
  }, [lands]);
  return (
    <section ref={region} className={styles.link} tabIndex={-1} aria-label={t`The invite`}>
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
        rows={4}
        value={link}
        dir="ltr"
        aria-label={t`Invite link`}
        onFocus={(event) => event.target.select()}
      />
      <ButtonRow>
        <CopyButton text={link} tone="main">
          <Trans>Copy the link</Trans>
        </CopyButton>
        <ShareButton link={link} />
        <Button tone="plain" onClick={onDone}>
          <Trans>Close</Trans>
        </Button>
      </ButtonRow>
    </section>
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
