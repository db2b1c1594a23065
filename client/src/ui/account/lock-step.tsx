import { Trans, useLingui } from "@lingui/react/macro";
import type { Lock, WordLanguage } from "../../core/index.ts";
import { useLanding } from "../app/landing.ts";
import { sheetStyles } from "../app/sheet.tsx";
import { Button, ButtonRow } from "../design/button.tsx";
import { Choice, SelectField } from "../design/field.tsx";
import type { Failure } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { PassphraseFields } from "./passphrase-fields.tsx";
import { passphraseStrength } from "./passphrase-strength.ts";

export interface LockChoice {
  readonly kind: Lock["kind"];
  readonly passphrase: string;
  readonly wordLanguage: WordLanguage;
}

export function lockOf(choice: LockChoice): Lock {
  return choice.kind === "none" ? { kind: "none" } : { kind: "passphrase", passphrase: choice.passphrase };
}

const wordLanguages: readonly { readonly value: WordLanguage; readonly label: string }[] = [
  { value: "en", label: "English" },
  { value: "fr", label: "Français" },
  { value: "es", label: "Español" },
  { value: "pt", label: "Português" },
  { value: "ja", label: "日本語" },
];

/** The list of words that a speaker of the interface's language reads most easily. */
export function wordLanguageFor(locale: string): WordLanguage {
  return locale === "fr" || locale === "es" ? locale : "en";
}

interface LockStepProps {
  readonly value: LockChoice;
  readonly onValue: (value: LockChoice) => void;
  /** Also asks in which language the 12 words should be; not when they exist already. */
  readonly asksWordLanguage: boolean;
  readonly act: string;
  readonly pending: boolean;
  readonly failure: Failure | null;
  readonly onBack: (() => void) | null;
  readonly onNext: () => void;
  /** Throws away what was begun here under another passphrase, and goes on; null where that needs nobody's word. */
  readonly onBeginAnew: (() => void) | null;
}

/** How this device is protected when somebody else holds it. */
export function LockStep(props: LockStepProps) {
  const { value, onValue, asksWordLanguage, act, pending, failure, onBack, onNext, onBeginAnew } = props;
  const { t } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  const ready = value.kind === "none" || passphraseStrength(value.passphrase) !== "too-short";
  return (
    <form
      className={sheetStyles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
        <Trans>Lock this device</Trans>
      </h1>
      <LockChoiceField value={value} onValue={onValue} />
      {value.kind === "passphrase" ? (
        <PassphraseFields
          value={value.passphrase}
          onValue={(passphrase) => onValue({ ...value, passphrase })}
          wrong={null}
        />
      ) : null}
      {asksWordLanguage ? (
        <SelectField
          label={t`Language of your 12 words`}
          hint={t`On the next page you get 12 words that bring your account back. Choose a language you can write without mistakes.`}
          value={value.wordLanguage}
          options={wordLanguages.map((option) => ({ ...option, lang: option.value }))}
          onValue={(code) => {
            const chosen = wordLanguages.find((option) => option.value === code);
            if (chosen) onValue({ ...value, wordLanguage: chosen.value });
          }}
        />
      ) : null}
      <Refusal
        failure={failure}
        acts={
          failure === "account-begun" && onBeginAnew ? (
            <Button
              unavailable={!ready}
              onClick={() => {
                // The button goes with the refusal.
                heading.current?.focus();
                onBeginAnew();
              }}
            >
              <Trans>Begin anew</Trans>
            </Button>
          ) : null
        }
      />
      <ButtonRow>
        <Button tone="main" type="submit" pending={pending} unavailable={!ready}>
          {act}
        </Button>
        {onBack ? (
          <Button tone="plain" onClick={onBack} unavailable={pending}>
            <Trans>Back</Trans>
          </Button>
        ) : null}
      </ButtonRow>
    </form>
  );
}

function LockChoiceField({ value, onValue }: Pick<LockStepProps, "value" | "onValue">) {
  const { t } = useLingui();
  return (
    <Choice
      legend={t`If somebody else gets hold of it`}
      value={value.kind}
      onValue={(kind) => onValue({ ...value, kind })}
      options={[
        {
          value: "passphrase",
          label: t`A passphrase protects it`,
          meaning: t`You enter it each time you open Unionhall. Whoever finds, steals or seizes this device reads nothing without it.`,
        },
        {
          value: "none",
          label: t`No lock`,
          meaning: t`Whoever can open this device can read your groups and write in your name. Only for a device that is itself well locked.`,
        },
      ]}
    />
  );
}
