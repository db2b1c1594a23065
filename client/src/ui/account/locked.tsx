import { Trans, useLingui } from "@lingui/react/macro";
import { useLocation } from "wouter";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { AskPassphrase } from "./passphrase-fields.tsx";

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

/** Recovering needs an empty device, so this says what stands in the way and does it. */
function ForgottenPassphrase() {
  const hall = useHall();
  const [, navigate] = useLocation();
  const signOut = useAct(
    () => hall.session.signOut(),
    () => navigate("/recover"),
  );
  return (
    <details className={sheetStyles.quiet}>
      <summary>
        <Trans>I have forgotten my passphrase</Trans>
      </summary>
      <div className={sheetStyles.prose}>
        <p>
          <Trans>
            Nobody can tell it to you. With your 12 words you can bring the account back: first this device is emptied,
            then it asks for the words and a new passphrase. Posts that were not sent yet are lost; everything else
            comes back.
          </Trans>
        </p>
        <p>
          <Trans>Without the 12 words, do not empty this device: the account would be gone.</Trans>
        </p>
        <Refusal failure={signOut.failure} />
        <div>
          <Button tone="loss" pending={signOut.pending} onClick={() => signOut.run(undefined)}>
            <Trans>I have my 12 words: empty this device</Trans>
          </Button>
        </div>
      </div>
    </details>
  );
}
