import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useHall } from "../app/hall.tsx";
import { Sheet } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { failureOf } from "../problems/failure.ts";
import { type AboutYou, AboutYouStep, languageOf } from "./about-you-step.tsx";
import { type LockChoice, lockOf, LockStep, wordLanguageFor } from "./lock-step.tsx";
import { WordsStep } from "./words-step.tsx";

type Step =
  | { readonly kind: "you" }
  | { readonly kind: "lock" }
  | { readonly kind: "words"; readonly words: readonly string[] };

interface RegisterFlowProps {
  readonly link: string;
  /** Steps that were shown before these three. */
  readonly stepsBefore: number;
  /** Who reads the note that comes with a request; null when nobody is asked. */
  readonly noteFor: string | null;
  readonly onBack: (() => void) | null;
  /** The account exists; the words are on the screen. */
  readonly onRegistered?: (note: string) => void;
  /** The words were asked back. */
  readonly onDone: () => void;
}

/** Name, lock, words: an account of one's own from a link. */
export function RegisterFlow({ link, stepsBefore, noteFor, onBack, onRegistered, onDone }: RegisterFlowProps) {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const [step, setStep] = useState<Step>({ kind: "you" });
  const [you, setYou] = useState<AboutYou>({ name: "", union: "", language: null, note: "" });
  const [lock, setLock] = useState<LockChoice>(() => ({
    kind: "passphrase",
    passphrase: "",
    wordLanguage: wordLanguageFor(i18n.locale),
  }));
  const register = useAct(
    async ({ anew }: { readonly anew: boolean }) => {
      const union = you.union.trim();
      const language = languageOf(you, i18n.locale);
      const profile = {
        name: you.name.trim(),
        union: union === "" ? null : union,
        country: null,
        languages: language === "" ? [] : [language],
      };
      const input = { link, profile, lock: lockOf(lock), wordLanguage: lock.wordLanguage };
      const made = await hall.session.register(input).catch(async (error: unknown) => {
        // Only what is still unfinished is thrown away: another tab may have finished it meanwhile, and its words are on no paper yet.
        if (!anew || failureOf(error) !== "account-begun") throw error;
        await hall.session.signOut();
        return hall.session.register(input);
      });
      await hall.session.setSettings({ language: i18n.locale });
      return made;
    },
    ({ words }) => {
      setLock((choice) => ({ ...choice, passphrase: "" }));
      setStep({ kind: "words", words });
      onRegistered?.(you.note.trim());
    },
  );
  const confirm = useAct(() => hall.session.confirmWords(), onDone);
  const place = { you: 1, lock: 2, words: 3 }[step.kind];
  return (
    <Sheet step={{ at: stepsBefore + place, of: stepsBefore + 3 }}>
      {step.kind === "you" ? (
        <AboutYouStep
          value={you}
          onValue={setYou}
          noteFor={noteFor}
          onBack={onBack}
          onNext={() => setStep({ kind: "lock" })}
        />
      ) : null}
      {step.kind === "lock" ? (
        <LockStep
          value={lock}
          onValue={setLock}
          asksWordLanguage
          act={t`Make my account`}
          pending={register.pending}
          failure={register.failure}
          onBack={() => setStep({ kind: "you" })}
          onNext={() => register.run({ anew: false })}
          onBeginAnew={() => register.run({ anew: true })}
        />
      ) : null}
      {step.kind === "words" ? (
        <WordsStep
          words={step.words}
          pending={confirm.pending}
          failure={confirm.failure}
          onConfirmed={() => confirm.run(undefined)}
        />
      ) : null}
    </Sheet>
  );
}
