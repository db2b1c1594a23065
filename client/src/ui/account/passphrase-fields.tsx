import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Button } from "../design/button.tsx";
import { TextField, Tick } from "../design/field.tsx";
import { passphraseStrength, type Strength } from "./passphrase-strength.ts";
import styles from "./passphrase-fields.module.css";

const levels: Readonly<Record<Strength, number>> = { "too-short": 0, weak: 1, fair: 2, good: 3, strong: 4 };

const meanings: Readonly<Record<Strength, MessageDescriptor>> = {
  "too-short": msg`Too short. Take at least 8 characters; four or five words that do not belong together are best.`,
  weak: msg`Weak: somebody who has your device finds it within hours. Add another word or two.`,
  fair: msg`Fair: it keeps out the curious. Against people with money and time, add another word.`,
  good: msg`Good: it would take years of guessing.`,
  strong: msg`Strong: guessing it is hopeless.`,
};

interface PassphraseFieldsProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Why the last try was refused, in words. */
  readonly wrong?: string | null;
}

/** Choosing a new passphrase: typed once and readable on request, with its strength said in words. */
export function PassphraseFields({ value, onValue, wrong }: PassphraseFieldsProps) {
  const { t, i18n } = useLingui();
  const [shown, setShown] = useState(false);
  const strength = passphraseStrength(value);
  return (
    <div className={styles.fields}>
      <div>
        <TextField
          label={t`Passphrase`}
          hint={t`Four or five words that do not belong together are strong and easy to remember. It never leaves this device.`}
          wrong={wrong}
          type={shown ? "text" : "password"}
          autoComplete="new-password"
          autoCapitalize="none"
          dir="auto"
          value={value}
          onValue={onValue}
          required
        />
        <div className={styles.meter} data-level={levels[strength]} aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </div>
        <output className={styles.meaning}>{value === "" ? "" : i18n._(meanings[strength])}</output>
        <Tick checked={shown} onChecked={setShown}>
          <Trans>Show what I type</Trans>
        </Tick>
      </div>
    </div>
  );
}

interface AskPassphraseProps {
  readonly pending: boolean;
  readonly wrong: string | null;
  readonly act: string;
  readonly onPassphrase: (passphrase: string) => void;
}

/** Asks for the passphrase that is already set. */
export function AskPassphrase({ pending, wrong, act, onPassphrase }: AskPassphraseProps) {
  const { t } = useLingui();
  const [value, setValue] = useState("");
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // When it is asked for, and again after a wrong one.
  useEffect(() => {
    if (!pending) input.current?.focus();
  }, [pending]);
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        onPassphrase(value);
      }}
    >
      <div>
        <TextField
          ref={input}
          label={t`Passphrase`}
          wrong={wrong}
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          autoCapitalize="none"
          dir="auto"
          value={value}
          onValue={setValue}
          required
        />
        <Tick checked={shown} onChecked={setShown}>
          <Trans>Show what I type</Trans>
        </Tick>
      </div>
      <div>
        <Button tone="main" type="submit" pending={pending} unavailable={value === ""}>
          {act}
        </Button>
      </div>
    </form>
  );
}
