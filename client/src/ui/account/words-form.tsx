import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useRef, useState } from "react";
import type { WordsVerdict } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { Button, ButtonRow } from "../design/button.tsx";
import { TextArea } from "../design/field.tsx";
import { problemWords } from "../problems/problem-words.ts";
import { Refusal } from "../problems/refusal.tsx";
import { splitWords } from "./asked-words.ts";

interface WordsFormProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly act: ReactNode;
  readonly pending?: boolean;
  /** The words belong together: joined by spaces. */
  readonly onWords: (words: string) => void;
  /** Beside the button. */
  readonly children?: ReactNode;
}

/** Asks for the 12 words and lets only such through that belong together; otherwise it says which of them does not. */
export function WordsForm({ text, onText, act, pending = false, onWords, children }: WordsFormProps) {
  const { t } = useLingui();
  const hall = useHall();
  const area = useRef<HTMLTextAreaElement>(null);
  const [wrong, setWrong] = useState<WordsVerdict | null>(null);
  const words = splitWords(text);
  const count = words.length;
  const check = useAct(
    (typed: string) => hall.session.checkWords(typed),
    (verdict, typed) => {
      if (verdict.kind === "good") return onWords(typed);
      setWrong(verdict);
      area.current?.focus();
    },
  );
  return (
    <form
      className={sheetStyles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        check.run(words.join(" "));
      }}
    >
      <TextArea
        ref={area}
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
        wrong={wrong ? <WhatIsWrong verdict={wrong} words={words} /> : null}
        rows={4}
        dir="auto"
        autoCapitalize="none"
        autoCorrect="off"
        value={text}
        onValue={(value) => {
          setWrong(null);
          onText(value);
        }}
        required
      />
      <Refusal failure={check.failure} />
      <ButtonRow>
        <Button tone="main" type="submit" pending={pending || check.pending} unavailable={count !== 12}>
          {act}
        </Button>
        {children}
      </ButtonRow>
    </form>
  );
}

function WhatIsWrong({ verdict, words }: { readonly verdict: WordsVerdict; readonly words: readonly string[] }) {
  const { i18n } = useLingui();
  if (verdict.kind === "unknown")
    return verdict.places.map((place) => {
      const number = i18n.number(place + 1);
      const word = words[place];
      return (
        <span key={place}>
          <Trans>
            Word {number}, “<bdi>{word}</bdi>”, is in no list: compare it with your paper.
          </Trans>{" "}
        </span>
      );
    });
  const { what, next } = problemWords["words-wrong"];
  return `${i18n._(what)} ${i18n._(next)}`;
}
