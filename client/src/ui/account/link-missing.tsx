import { Trans, useLingui } from "@lingui/react/macro";
import { useLanding } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { ButtonLink } from "../design/button.tsx";
import { PasteLink } from "./paste-link.tsx";

/** A link's page without its secret part, for instance after loading it again: the secret is not kept anywhere. */
export function LinkMissing() {
  const { t } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
            <Trans>Please open the link once more</Trans>
          </h1>
          <p>
            <Trans>
              Its secret part is taken out of the address at once and not kept, so it is gone after the page is loaded
              again. Open the link where it was sent to you, or paste it here.
            </Trans>
          </p>
        </div>
        <PasteLink label={t`The whole link`} />
        <div>
          <ButtonLink href="/" tone="plain">
            <Trans>To the hall's front page</Trans>
          </ButtonLink>
        </div>
      </div>
    </Sheet>
  );
}
