import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import { arriveBy, readLink } from "../app/arrival.ts";
import { useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { Button, ButtonLink } from "../design/button.tsx";
import { TextField } from "../design/field.tsx";
import { problemWords } from "../problems/problem-words.ts";

/** The hall's front door for a device without an account. */
export function Welcome() {
  const { t } = useLingui();
  useTabTitle(null);
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 className={sheetStyles.title}>
            <Trans>A meeting room for working groups of trade unions</Trans>
          </h1>
          <p className={sheetStyles.lead}>
            <Trans>
              Groups discuss here what concerns only them. Everything is encrypted on your device; whoever runs this hall cannot
              read it, nor see who belongs to which group.
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

/** A field for a link that was copied rather than opened. */
export function PasteLink({ label }: { readonly label: string }) {
  const { t, i18n } = useLingui();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const [, navigate] = useLocation();
  const words = problemWords["link-malformed"];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const link = readLink(text);
        setWrong(!link);
        if (!link) return;
        arriveBy(link);
        navigate(link.kind === "join" ? "/join" : "/setup");
      }}
    >
      <TextField
        label={label}
        type="text"
        inputMode="url"
        dir="ltr"
        placeholder="https://…/join#…"
        wrong={wrong ? `${i18n._(words.what)} ${i18n._(words.next)}` : null}
        value={text}
        onValue={(value) => {
          setText(value);
          setWrong(false);
        }}
        beside={
          <Button type="submit" unavailable={text.trim() === ""}>
            {t`Look at it`}
          </Button>
        }
      />
    </form>
  );
}
