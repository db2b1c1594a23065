import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLanding } from "../app/landing.ts";
import { sheetStyles } from "../app/sheet.tsx";
import { Button, ButtonRow } from "../design/button.tsx";
import { TextField } from "../design/field.tsx";
import { Notice } from "../design/notice.tsx";
import type { Failure } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { isSameWord, pickAskedWords } from "./asked-words.ts";
import { WordCard } from "./word-card.tsx";

interface WordsStepProps {
  readonly words: readonly string[];
  readonly pending: boolean;
  readonly failure: Failure | null;
  /** Both words were given back. */
  readonly onConfirmed: () => void;
}

/** Shows the 12 words, then asks two of them back from the paper. */
export function WordsStep({ words, pending, failure, onConfirmed }: WordsStepProps) {
  const [asking, setAsking] = useState(false);
  return asking ? (
    <AskBack
      words={words}
      pending={pending}
      failure={failure}
      onConfirmed={onConfirmed}
      onBack={() => setAsking(false)}
    />
  ) : (
    <ShowWords words={words} onWritten={() => setAsking(true)} />
  );
}

function ShowWords({ words, onWritten }: { readonly words: readonly string[]; readonly onWritten: () => void }) {
  const heading = useLanding<HTMLHeadingElement>();
  return (
    <div className={sheetStyles.stack}>
      <div className={sheetStyles.prose}>
        <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
          <Trans>Write down these 12 words</Trans>
        </h1>
        <p>
          <Trans>
            On paper, in this order. If this device is lost or broken, they bring back your account, your groups and
            everything in them. There is no other way: nobody can send them to you again.
          </Trans>
        </p>
      </div>
      <WordCard words={words} />
      <Notice tone="care">
        <p>
          <Trans>
            Whoever has these words is you. No photo, no screenshot, no e-mail. Keep the paper where you would keep a
            passport.
          </Trans>
        </p>
      </Notice>
      <div>
        <Button tone="main" onClick={onWritten}>
          <Trans>I have written them down</Trans>
        </Button>
      </div>
    </div>
  );
}

interface AskBackProps extends WordsStepProps {
  readonly onBack: () => void;
}

function AskBack({ words, pending, failure, onConfirmed, onBack }: AskBackProps) {
  const { t, i18n } = useLingui();
  const heading = useLanding<HTMLHeadingElement>();
  const [asked] = useState(() =>
    pickAskedWords(words.length, (length) => crypto.getRandomValues(new Uint8Array(length))),
  );
  const [typed, setTyped] = useState<readonly [string, string]>(["", ""]);
  const [checked, setChecked] = useState(false);
  const right = asked.map((place, index) => isSameWord(typed[index] ?? "", words[place] ?? ""));
  return (
    <form
      className={sheetStyles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        if (right.every(Boolean)) onConfirmed();
      }}
    >
      <div className={sheetStyles.prose}>
        <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
          <Trans>Two of them back, please</Trans>
        </h1>
        <p>
          <Trans>Read them from your paper, so that you know it is right.</Trans>
        </p>
      </div>
      {asked.map((place, index) => (
        <TextField
          key={place}
          label={t`Word number ${i18n.number(place + 1)}`}
          wrong={
            checked && !right[index]
              ? t`That is another word. Look at your paper; you can also go back to the words.`
              : null
          }
          autoCapitalize="none"
          autoCorrect="off"
          dir="auto"
          short
          value={typed[index] ?? ""}
          onValue={(value) => {
            setChecked(false);
            setTyped(index === 0 ? [value, typed[1]] : [typed[0], value]);
          }}
          required
        />
      ))}
      <Refusal failure={failure} />
      <ButtonRow>
        <Button tone="main" type="submit" pending={pending} unavailable={typed.some((word) => word.trim() === "")}>
          <Trans>Continue</Trans>
        </Button>
        <Button tone="plain" onClick={onBack} unavailable={pending}>
          <Trans>Show the words again</Trans>
        </Button>
      </ButtonRow>
    </form>
  );
}
