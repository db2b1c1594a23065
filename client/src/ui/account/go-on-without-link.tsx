import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Redirect } from "wouter";
import type { JoinState } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { type OpenDevice, useMe } from "../app/use-session.ts";
import { Button, ButtonLink } from "../design/button.tsx";
import { useJoining } from "../invites/use-invites.ts";
import { Loaded } from "../problems/loaded.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { Refusal } from "../problems/refusal.tsx";
import { JoinOutcome } from "./join-outcome.tsx";
import { LinkMissing } from "./link-missing.tsx";
import { AskPassphrase } from "./passphrase-fields.tsx";
import { WordsStep } from "./words-step.tsx";

interface GoOnProps {
  /** Where to, when nothing is left to do here. */
  readonly next: string;
}

/** A link's page loaded again, when its secret part is gone: with an account it goes on where coming in stopped. */
export function GoOnWithoutLink({ next }: GoOnProps) {
  const me = useMe();
  // Where the words were asked back here, there is nothing else to see on the way.
  const [hadWords, setHadWords] = useState(false);
  if (!me) return <LinkMissing />;
  if (me.wordsUnconfirmed) return <WordsAtLast me={me} onConfirmed={() => setHadWords(true)} />;
  return <WaitOrLeave next={hadWords ? next : "/"} />;
}

/** The 12 words of an account that was made just before. */
function WordsAtLast({ me, onConfirmed }: { readonly me: OpenDevice; readonly onConfirmed: () => void }) {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const [words, setWords] = useState<readonly string[] | null>(null);
  const read = useAct((passphrase: string | null) => hall.session.words(passphrase), setWords);
  const confirm = useAct(() => hall.session.confirmWords(), onConfirmed);
  const wrong = read.failure === "wrong-passphrase";
  const act = t`Show my words`;
  if (words)
    return (
      <Sheet>
        <WordsStep
          words={words}
          pending={confirm.pending}
          failure={confirm.failure}
          onConfirmed={() => confirm.run(undefined)}
        />
      </Sheet>
    );
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 className={sheetStyles.title}>
            <Trans>Your account is made. Now your 12 words</Trans>
          </h1>
          <p>
            <Trans>Your 12 words are not confirmed yet. Without them a lost device means a lost account.</Trans>{" "}
            <Trans>Take paper and a pen; it needs two minutes.</Trans>
          </p>
        </div>
        {me.lock === "passphrase" ? (
          <AskPassphrase
            act={act}
            pending={read.pending}
            wrong={wrong ? i18n._(problemWords["wrong-passphrase"].what) : null}
            onPassphrase={read.run}
          />
        ) : (
          <div>
            <Button tone="main" pending={read.pending} onClick={() => read.run(null)}>
              {act}
            </Button>
          </div>
        )}
        {wrong ? null : <Refusal failure={read.failure} />}
        <div>
          <ButtonLink tone="plain" href="/">
            <Trans>Later: to your groups</Trans>
          </ButtonLink>
        </div>
      </div>
    </Sheet>
  );
}

function WaitOrLeave({ next }: GoOnProps) {
  const joining = useJoining();
  return joining.data ? (
    <Waited requests={joining.data} next={next} />
  ) : (
    <Sheet>
      <Loaded query={joining}>{() => null}</Loaded>
    </Sheet>
  );
}

type Waiting = Extract<JoinState, { readonly kind: "waiting" }>;

/** The request that was waiting when one came, whatever has become of it since. */
function Waited({ requests, next }: GoOnProps & { readonly requests: readonly JoinState[] }) {
  const [request] = useState(() => newestWaiting(requests));
  return request ? <JoinOutcome asked={request} /> : <Redirect to={next} />;
}

function newestWaiting(requests: readonly JoinState[]): Waiting | null {
  const waiting = requests.filter((request) => request.kind === "waiting");
  return waiting.toSorted((one, other) => other.askedAt - one.askedAt)[0] ?? null;
}
