import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Notice } from "../design/notice.tsx";
import { type Failure, isHallProblem } from "./failure.ts";
import { problemWords } from "./problem-words.ts";

interface RefusalProps {
  readonly failure: Failure | null;
  readonly acts?: ReactNode;
}

/** Says why something was refused: what happened, what is safe, what to do. Nothing when nothing was. */
export function Refusal({ failure, acts }: RefusalProps) {
  const { i18n } = useLingui();
  if (!failure) return null;
  const { what, safe, next } = problemWords[failure];
  // The words of problems come a moment after the first paint.
  if (!(what.id in i18n.messages) && !what.message) return null;
  return (
    <Notice tone="urgent" alert acts={acts}>
      <p>
        <strong>{i18n._(what)}</strong>
      </p>
      <p>
        {safe ? `${i18n._(safe)} ` : ""}
        {i18n._(next)}
      </p>
    </Notice>
  );
}

/** One line for a post that could not be sent. `problem` is what core says, known or not. */
export function useFailureLine(): (problem: string) => string {
  const { i18n } = useLingui();
  return (problem) => {
    const words = problemWords[isHallProblem(problem) ? problem : "unexpected"];
    return `${i18n._(words.what)} ${i18n._(words.next)}`;
  };
}
