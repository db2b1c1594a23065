import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import { forgetArrival, useArrival } from "../app/arrival.ts";
import { useLanding, useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useMe } from "../app/use-session.ts";
import { Button, ButtonLink } from "../design/button.tsx";
import { GoOnWithoutLink } from "./go-on-without-link.tsx";
import { RegisterFlow } from "./register-flow.tsx";

/** The hall's first account, made with the link that the program printed when it started. */
export default function SetupPage() {
  const { t } = useLingui();
  useTabTitle(t`Set up the hall`);
  const arrival = useArrival("setup");
  const [begun, setBegun] = useState(false);
  const [, navigate] = useLocation();
  if (!arrival) return <GoOnWithoutLink next="/found" />;
  if (!begun) return <NewHall onBegin={() => setBegun(true)} />;
  return (
    <RegisterFlow
      link={arrival.link}
      stepsBefore={1}
      noteFor={null}
      onBack={() => setBegun(false)}
      onDone={() => {
        forgetArrival();
        navigate("/found");
      }}
    />
  );
}

function NewHall({ onBegin }: { readonly onBegin: () => void }) {
  const heading = useLanding<HTMLHeadingElement>();
  const me = useMe();
  return (
    <Sheet step={{ at: 1, of: 4 }}>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
            <Trans>A new hall</Trans>
          </h1>
          <p className={sheetStyles.lead}>
            <Trans>
              You make its first account. Afterwards you found a working group and invite your colleagues by link.
            </Trans>
          </p>
          <p>
            <Trans>
              Running the hall gives no power over what is said in it: you read the groups you are a member of, as
              everybody else.
            </Trans>
          </p>
        </div>
        {me ? (
          <div className={sheetStyles.prose}>
            <p>
              <Trans>This device already holds an account.</Trans>
            </p>
            <div>
              <ButtonLink href="/">
                <Trans>To your groups</Trans>
              </ButtonLink>
            </div>
          </div>
        ) : (
          <div>
            <Button tone="main" onClick={onBegin}>
              <Trans>Begin</Trans>
            </Button>
          </div>
        )}
      </div>
    </Sheet>
  );
}
