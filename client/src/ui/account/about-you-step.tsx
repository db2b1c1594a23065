import { Trans, useLingui } from "@lingui/react/macro";
import { useLanding } from "../app/landing.ts";
import { sheetStyles } from "../app/sheet.tsx";
import { Button, ButtonRow } from "../design/button.tsx";
import { TextArea, TextField } from "../design/field.tsx";
import { LanguageField } from "./language-field.tsx";

export interface AboutYou {
  readonly name: string;
  readonly union: string;
  /** Its code; empty where it is not to be said, null for that of the interface. */
  readonly language: string | null;
  readonly note: string;
}

export function languageOf({ language }: Pick<AboutYou, "language">, spoken: string): string {
  return language ?? spoken;
}

interface AboutYouStepProps {
  readonly value: AboutYou;
  readonly onValue: (value: AboutYou) => void;
  /** Who reads the note that comes with a request; null when nobody is asked. */
  readonly noteFor: string | null;
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
}

/** How one will be seen. */
export function AboutYouStep({ value, onValue, noteFor, onBack, onNext }: AboutYouStepProps) {
  const { t, i18n } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  return (
    <form
      className={sheetStyles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <div className={sheetStyles.prose}>
        <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
          <Trans>Who will the others see?</Trans>
        </h1>
        <p>
          <Trans>Members of your groups see this, nobody else. You can change it at any time.</Trans>
        </p>
      </div>
      <TextField
        label={t`Your name`}
        hint={t`As your colleagues know you.`}
        value={value.name}
        onValue={(name) => onValue({ ...value, name })}
        maxLength={80}
        dir="auto"
        required
      />
      <TextField
        label={t`Your union`}
        optional
        value={value.union}
        onValue={(union) => onValue({ ...value, union })}
        maxLength={120}
        dir="auto"
      />
      <LanguageField value={languageOf(value, i18n.locale)} onValue={(language) => onValue({ ...value, language })} />
      {noteFor ? (
        <TextArea
          label={t`A word to the facilitators`}
          hint={t`So that they know it is you: where you met, who sent you.`}
          optional
          rows={2}
          maxLength={500}
          dir="auto"
          value={value.note}
          onValue={(note) => onValue({ ...value, note })}
        />
      ) : null}
      <ButtonRow>
        <Button tone="main" type="submit" unavailable={value.name.trim() === ""}>
          <Trans>Continue</Trans>
        </Button>
        {onBack ? (
          <Button tone="plain" onClick={onBack}>
            <Trans>Back</Trans>
          </Button>
        ) : null}
      </ButtonRow>
    </form>
  );
}
