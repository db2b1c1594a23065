import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useRef, useState } from "react";
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
  const [confirmed, setConfirmed] = useState(false);
  const [hidden, setHidden] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (hidden) opener.current?.focus();
  }, [hidden]);
  const read = useAct(
    (passphrase: string | null) => hall.session.words(passphrase),
    (shown) => {
      setHidden(false);
      setWords(shown);
    },
  );
  const confirm = useAct(
    () => hall.session.confirmWords(),
    () => {
      setWords(null);
      setAsking(false);
      setConfirmed(true);
    },
  );
  const unconfirmed = me.wordsUnconfirmed && !confirmed;
  const wrong = read.failure === "wrong-passphrase";
  const show = (): void => {
    if (me.lock === "passphrase") setAsking(true);
    else read.run(null);
  };
  if (words && unconfirmed)
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
      {confirmed ? <Confirmed /> : null}
      <WordsState me={me} unconfirmed={unconfirmed} />
      {words ? (
        <>
          <TakesFocus>
            <WordCard words={words} />
          </TakesFocus>
          <div>
            <Button
              onClick={() => {
                setWords(null);
                setAsking(false);
                setHidden(true);
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
      {!words && !asking && (me.lock === "passphrase" || unconfirmed) ? (
        <div>
          <Button ref={opener} tone={unconfirmed ? "main" : "quiet"} pending={read.pending} onClick={show}>
            <Trans>Show my words</Trans>
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

/** Takes the focus, which was on what has gone. */
function TakesFocus({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1}>
      {children}
    </div>
  );
}

function Confirmed() {
  return (
    <TakesFocus>
      <Notice tone="seal">
        <p>
          <strong>
            <Trans>Your words are confirmed.</Trans>
          </strong>
        </p>
      </Notice>
    </TakesFocus>
  );
}

function WordsState({ me, unconfirmed }: { readonly me: OpenDevice; readonly unconfirmed: boolean }) {
  if (unconfirmed)
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
