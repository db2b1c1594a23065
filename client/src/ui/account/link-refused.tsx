import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "../design/button.tsx";
import type { Failure } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { linkNeeds } from "./link-needs.ts";
import { PasteLink } from "./paste-link.tsx";

interface LinkRefusedProps {
  readonly failure: Failure;
  readonly onAgain: () => void;
  readonly pending?: boolean;
}

/** Why a link leads nowhere, with what can help: the same once more, or another link. */
export function LinkRefused({ failure, onAgain, pending = false }: LinkRefusedProps) {
  const { t } = useLingui();
  const needs = linkNeeds(failure);
  return (
    <>
      <Refusal
        failure={failure}
        acts={
          needs === "another-try" ? (
            <Button onClick={onAgain} pending={pending}>
              <Trans>Try again</Trans>
            </Button>
          ) : null
        }
      />
      {needs === "another-link" ? <PasteLink label={t`The whole link`} /> : null}
    </>
  );
}
