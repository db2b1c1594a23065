import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useHall } from "../app/hall.tsx";
import { Section } from "../app/pane.tsx";
import { useAct } from "../app/use-act.ts";
import type { OpenDevice } from "../app/use-session.ts";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { Refusal } from "../problems/refusal.tsx";
import { AskPassphrase } from "./passphrase-fields.tsx";
import { WordCard } from "./word-card.tsx";
import { WordsStep } from "./words-step.tsx";

/** The 12 words again: to confirm them at last, or to copy them once more. */
export function MyWords({ me }: { readonly me: OpenDevice }) {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const [asking, setAsking] = useState(false);
  const [words, setWords] = useState<readonly string[] | null>(null);
  const read = useAct((passphrase: string | null) => hall.session.words(passphrase), setWords);
  const confirm = useAct(
    () => hall.session.confirmWords(),
    () => setWords(null),
  );
  const wrong = read.failure === "wrong-passphrase";
  const show = (): void => {
    if (me.lock === "passphrase") setAsking(true);
    else read.run(null);
  };
  if (words && me.wordsUnconfirmed)
    return (
      <WordsStep
        words={words}
        pending={confirm.pending}
        failure={confirm.failure}
        onConfirmed={() => confirm.run(undefined)}
      />
    );
  return (
    <Section title={<Trans>Your 12 words</Trans>}>
      <WordsState me={me} />
      {words ? (
        <>
          <WordCard words={words} />
          <div>
            <Button
              onClick={() => {
                setWords(null);
                setAsking(false);
              }}
            >
              <Trans>Hide them</Trans>
            </Button>
          </div>
        </>
      ) : null}
      {!words && asking ? (
        <AskPassphrase
          act={t`Show my words`}
          pending={read.pending}
          wrong={wrong ? i18n._(problemWords["wrong-passphrase"].what) : null}
          onPassphrase={read.run}
        />
      ) : null}
      {wrong ? null : <Refusal failure={read.failure} />}
      {!words && !asking && (me.lock === "passphrase" || me.wordsUnconfirmed) ? (
        <div>
          <Button tone={me.wordsUnconfirmed ? "main" : "quiet"} pending={read.pending} onClick={show}>
            <Trans>Show my words</Trans>
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function WordsState({ me }: { readonly me: OpenDevice }) {
  if (me.wordsUnconfirmed)
    return (
      <Notice tone="urgent">
        <p>
          <strong>
            <Trans>Your 12 words are not confirmed yet. Without them a lost device means a lost account.</Trans>
          </strong>
        </p>
        <p>
          <Trans>Take paper and a pen; it needs two minutes.</Trans>
        </p>
      </Notice>
    );
  return me.lock === "passphrase" ? (
    <p>
      <Trans>
        They bring your account back on a new device. Look at them only where nobody looks over your shoulder.
      </Trans>
    </p>
  ) : (
    <p>
      <Trans>This device does not keep them, since it has no passphrase. They stand on your paper.</Trans>
    </p>
  );
}
