import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Redirect, useLocation } from "wouter";
import type { RecoveredAccount } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useLanding, useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { useMe } from "../app/use-session.ts";
import { Button, ButtonLink } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { splitWords } from "./asked-words.ts";
import { type LockChoice, lockOf, LockStep, wordLanguageFor } from "./lock-step.tsx";
import { WordsForm } from "./words-form.tsx";
import { letGoOfWords, wordsInHand } from "./words-in-hand.ts";

/** Brings an account back from its 12 words. `evicted`: the browser has thrown away what was here. */
export default function RecoverPage({ evicted = false }: { readonly evicted?: boolean }) {
  const { t, i18n } = useLingui();
  useTabTitle(t`Bring an account back`);
  const hall = useHall();
  const me = useMe();
  const [words, setWords] = useState(wordsInHand);
  const [step, setStep] = useState<"words" | "lock">(words === "" ? "words" : "lock");
  useEffect(letGoOfWords, []);
  const [lock, setLock] = useState<LockChoice>(() => ({
    kind: "passphrase",
    passphrase: "",
    wordLanguage: wordLanguageFor(i18n.locale),
  }));
  const [recovered, setRecovered] = useState<RecoveredAccount | null>(null);
  const recover = useAct(
    () => hall.session.recover({ words: splitWords(words).join(" "), lock: lockOf(lock) }),
    (account) => {
      setWords("");
      setRecovered(account);
    },
  );
  if (recovered) return <Recovered account={recovered} />;
  if (me && !recover.pending) return <Redirect to="/" />;
  return (
    <Sheet step={{ at: step === "words" ? 1 : 2, of: 2 }}>
      {step === "words" ? (
        <WordsEntry evicted={evicted} words={words} onWords={setWords} onNext={() => setStep("lock")} />
      ) : (
        <LockStep
          value={lock}
          onValue={setLock}
          asksWordLanguage={false}
          act={t`Bring my account back`}
          pending={recover.pending}
          failure={recover.failure}
          onBack={() => {
            recover.reset();
            setStep("words");
          }}
          onNext={() => recover.run(undefined)}
          onBeginAnew={null}
        />
      )}
    </Sheet>
  );
}

interface WordsEntryProps {
  readonly evicted: boolean;
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly onNext: () => void;
}

function WordsEntry({ evicted, words, onWords, onNext }: WordsEntryProps) {
  const heading = useLanding<HTMLHeadingElement>();
  return (
    <div className={sheetStyles.stack}>
      {evicted ? (
        <Notice tone="urgent">
          <p>
            <strong>
              <Trans>The browser has thrown away what this device kept.</Trans>
            </strong>
          </p>
          <p>
            <Trans>
              Browsers do that when room is short or data are cleared. Your groups and posts are safe in the hall,
              encrypted; your 12 words open them again.
            </Trans>
          </p>
        </Notice>
      ) : null}
      <div className={sheetStyles.prose}>
        <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
          <Trans>Bring your account back</Trans>
        </h1>
        <p>
          <Trans>
            Enter the 12 words from your paper. Nobody else needs to be online, and they never leave this device.
          </Trans>
        </p>
      </div>
      <WordsForm text={words} onText={onWords} act={<Trans>Continue</Trans>} onWords={onNext}>
        {evicted ? null : (
          <ButtonLink tone="plain" href="/">
            <Trans>Back</Trans>
          </ButtonLink>
        )}
      </WordsForm>
    </div>
  );
}

function Recovered({ account }: { readonly account: RecoveredAccount }) {
  const heading = useLanding<HTMLHeadingElement>();
  const [, navigate] = useLocation();
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 ref={heading} tabIndex={-1} className={sheetStyles.title}>
            <Trans>You are back</Trans>
          </h1>
          {account.groups.length > 0 ? (
            <>
              <p>
                <Trans>Your groups are here again, with everything you may read in them:</Trans>
              </p>
              <ul>
                {account.groups.map((group) => (
                  <li key={group.groupId}>
                    <bdi>{group.name}</bdi>
                  </li>
                ))}
              </ul>
            </>
          ) : (
            <p>
              <Trans>This account is in no group yet.</Trans>
            </p>
          )}
          <p>
            <Trans>
              If your old device was lost or stolen, tell a facilitator of each group, so that they know that what comes
              from it is not you.
            </Trans>
          </p>
        </div>
        <div>
          <Button tone="main" onClick={() => navigate("/")}>
            <Trans>To your groups</Trans>
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
