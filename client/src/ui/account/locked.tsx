import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { Confirm } from "../design/dialog.tsx";
import type { Failure } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { AskPassphrase } from "./passphrase-fields.tsx";
import { WordsForm } from "./words-form.tsx";
import { takeInHand } from "./words-in-hand.ts";

/** A device whose keys are wrapped by a passphrase. */
export default function Locked() {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const unlock = useAct((passphrase: string) => hall.session.unlock(passphrase));
  useTabTitle(t`Locked`);
  const wrong = unlock.failure === "wrong-passphrase";
  const words = problemWords["wrong-passphrase"];
  return (
    <Sheet>
      <div className={sheetStyles.stack}>
        <div className={sheetStyles.prose}>
          <h1 className={sheetStyles.title}>
            <Trans>This device is locked</Trans>
          </h1>
          <p>
            <Trans>
              Everything on it is encrypted. Your passphrase opens it; nobody else has it, not even whoever runs the
              hall.
            </Trans>
          </p>
        </div>
        <AskPassphrase
          act={t`Open`}
          pending={unlock.pending}
          wrong={wrong ? `${i18n._(words.what)} ${i18n._(words.next)}` : null}
          onPassphrase={unlock.run}
        />
        {wrong ? null : <Refusal failure={unlock.failure} />}
        <ForgottenPassphrase />
      </div>
    </Sheet>
  );
}

/** Recovering needs an empty device. Nothing is emptied before the words have opened an account, and it was said whose. */
function ForgottenPassphrase() {
  const hall = useHall();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const look = useAct(
    (words: string) => hall.session.accountOfWords(words),
    ({ name }, words) => setFound({ name, words }),
  );
  const signOut = useAct(
    () => hall.session.signOut(),
    () => {
      takeInHand(found?.words ?? "");
      navigate("/recover");
    },
  );
  return (
    <details>
      <summary className={sheetStyles.quiet}>
        <Trans>I have forgotten my passphrase</Trans>
      </summary>
      <div className={sheetStyles.stack}>
        <p>
          <Trans>
            Nobody can tell it to you. With your 12 words you can bring the account back: first it is checked that they
            open it, then this device is emptied, and you choose a new passphrase.
          </Trans>
        </p>
        <WordsForm
          text={text}
          onText={setText}
          act={<Trans>Check my words</Trans>}
          pending={look.pending}
          onWords={look.run}
        />
        <Refusal failure={look.failure} />
      </div>
      {found ? (
        <EmptyDevice
          name={found.name}
          pending={signOut.pending}
          failure={signOut.failure}
          onAct={() => signOut.run(undefined)}
          onClose={() => setFound(null)}
        />
      ) : null}
    </details>
  );
}

interface Found {
  readonly name: string;
  readonly words: string;
}

interface EmptyDeviceProps {
  readonly name: string;
  readonly pending: boolean;
  readonly failure: Failure | null;
  readonly onAct: () => void;
  readonly onClose: () => void;
}

function EmptyDevice({ name, pending, failure, onAct, onClose }: EmptyDeviceProps) {
  return (
    <Confirm
      title={<Trans>Empty this device?</Trans>}
      act={<Trans>Empty it and go on</Trans>}
      loss
      pending={pending}
      onAct={onAct}
      onClose={onClose}
    >
      <p>
        <Trans>
          Your 12 words open the account of <strong>{name}</strong>. If another account is on this device, go back: its
          own words are needed to bring it back.
        </Trans>
      </p>
      <p>
        <Trans>
          Posts that were not sent yet are lost. Everything else comes back once you have chosen a new passphrase.
        </Trans>
      </p>
      <Refusal failure={failure} />
    </Confirm>
  );
}
