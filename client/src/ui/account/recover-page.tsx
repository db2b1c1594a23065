import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Redirect, useLocation } from "wouter";
import type { RecoveredAccount } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useLanding, useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { useMe } from "../app/use-session.ts";
import { Button, ButtonLink, ButtonRow } from "../design/button.tsx";
import { TextArea } from "../design/field.tsx";
import { Notice } from "../design/notice.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { splitWords } from "./asked-words.ts";
import { type LockChoice, lockOf, LockStep, wordLanguageFor } from "./lock-step.tsx";

/** Brings an account back from its 12 words. `evicted`: the browser has thrown away what was here. */
export default function RecoverPage({ evicted = false }: { readonly evicted?: boolean }) {
  const { t, i18n } = useLingui();
  useTabTitle(t`Bring an account back`);
  const hall = useHall();
  const me = useMe();
  const [words, setWords] = useState("");
  const [step, setStep] = useState<"words" | "lock">("words");
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
  // Only the last step can tell; what is to be put right is in the first.
  const wrong = recover.failure === "words-wrong";
  const atWords = step === "words" || wrong;
  return (
    <Sheet step={{ at: atWords ? 1 : 2, of: 2 }}>
      {atWords ? (
        <WordsEntry
          evicted={evicted}
          wrong={wrong}
          words={words}
          onWords={setWords}
          onNext={() => {
            recover.reset();
            setStep("lock");
          }}
        />
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
        />
      )}
    </Sheet>
  );
}

interface WordsEntryProps {
  readonly evicted: boolean;
  /** They were tried and open nothing. */
  readonly wrong: boolean;
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly onNext: () => void;
}

function WordsEntry({ evicted, wrong, words, onWords, onNext }: WordsEntryProps) {
  const { t, i18n } = useLingui();
  const complaint = problemWords["words-wrong"];
  const heading = useLanding<HTMLHeadingElement>();
  const count = splitWords(words).length;
  return (
    <form
      className={sheetStyles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
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
      <TextArea
        label={t`Your 12 words`}
        hint={
          <output>
            <Plural
              value={count}
              _0="In their order, with spaces between them."
              one="# word so far"
              other="# words so far"
            />
          </output>
        }
        wrong={wrong ? `${i18n._(complaint.what)} ${i18n._(complaint.next)}` : null}
        rows={4}
        dir="auto"
        autoCapitalize="none"
        autoCorrect="off"
        value={words}
        onValue={onWords}
        required
      />
      <ButtonRow>
        <Button tone="main" type="submit" unavailable={count !== 12}>
          <Trans>Continue</Trans>
        </Button>
        {evicted ? null : (
          <ButtonLink tone="plain" href="/">
            <Trans>Back</Trans>
          </ButtonLink>
        )}
      </ButtonRow>
    </form>
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
