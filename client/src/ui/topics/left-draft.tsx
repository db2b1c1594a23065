import { Trans, useLingui } from "@lingui/react/macro";
import { CopyButton } from "../app/copy-button.tsx";
import { Button, ButtonRow } from "../design/button.tsx";
import { directionOf } from "../design/direction.ts";
import type { Draft } from "./use-draft.ts";
import styles from "./writing.module.css";

/** What somebody had begun to write where they cannot write any more: theirs to copy. */
export function LeftDraft({ draft }: { readonly draft: Draft }) {
  const { t } = useLingui();
  const text = draft.text.trim();
  if (text === "") return null;
  return (
    <div className={styles.left}>
      <p>
        <strong>
          <Trans>Not sent: what you had begun to write</Trans>
        </strong>
      </p>
      <textarea
        className={styles.kept}
        readOnly
        rows={3}
        value={text}
        dir={directionOf("auto", text)}
        aria-label={t`What you had begun to write`}
      />
      <ButtonRow>
        <CopyButton text={text}>
          <Trans>Copy the text</Trans>
        </CopyButton>
        <Button tone="plain" onClick={() => draft.setText("")}>
          <Trans>Discard it</Trans>
        </Button>
      </ButtonRow>
    </div>
  );
}
