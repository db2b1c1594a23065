import { Trans, useLingui } from "@lingui/react/macro";
import { ButtonLink } from "../design/button.tsx";
import { useTabTitle } from "./landing.ts";
import { PaneBody, PaneHead, Prose } from "./pane.tsx";

export function NotFound() {
  const { t } = useLingui();
  useTabTitle(t`Not found`);
  return (
    <>
      <PaneHead title={t`There is nothing at this address`} />
      <PaneBody>
        <Prose>
          <p>
            <Trans>The address may be mistyped. If somebody sent it to you, ask for it again.</Trans>
          </p>
          <div>
            <ButtonLink href="/">
              <Trans>To your groups</Trans>
            </ButtonLink>
          </div>
        </Prose>
      </PaneBody>
    </>
  );
}
