import { Trans, useLingui } from "@lingui/react/macro";
import { useLanding, useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { Button } from "../design/button.tsx";

/** Another tab holds this device. */
export default function InUseElsewhere() {
  const { t } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  useTabTitle(t`Open elsewhere`);
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
            <Trans>Unionhall is open in another tab</Trans>
          </h1>
          <p>
            <Trans>
              Only one tab at a time can write on this device, so that nothing is sent twice. Go on in the other one, or
              close it and load this page again.
            </Trans>
          </p>
        </div>
        <div>
          <Button tone="main" onClick={() => location.reload()}>
            <Trans>Load again</Trans>
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
