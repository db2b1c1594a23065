import { Trans, useLingui } from "@lingui/react/macro";
import { useLanding, useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { ButtonLink } from "../design/button.tsx";
import { PasteLink } from "./paste-link.tsx";

/** The hall's front door for a device without an account. */
export default function Welcome() {
  const { t } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  useTabTitle(null);
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
            <Trans>A meeting room for working groups of trade unions</Trans>
          </h1>
          <p className={sheetStyles.lead}>
            <Trans>
              Groups discuss here what concerns only them. Everything is encrypted on your device; whoever runs this
              hall cannot read it, nor see who belongs to which group.
            </Trans>
          </p>
          <p>
            <Trans>You come in through an invite link from a colleague. No e-mail address, no phone number.</Trans>
          </p>
        </div>
        <PasteLink label={t`Your invite link`} />
        <div className={sheetStyles.prose}>
          <h2>
            <Trans>Been here before?</Trans>
          </h2>
          <p>
            <Trans>On a new or emptied device, your 12 words bring your account back with all its groups.</Trans>
          </p>
          <div>
            <ButtonLink href="/recover">
              <Trans>I have my 12 words</Trans>
            </ButtonLink>
          </div>
        </div>
      </div>
    </Sheet>
  );
}
