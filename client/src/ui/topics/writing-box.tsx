import { Trans, useLingui } from "@lingui/react/macro";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { later } from "../app/later.tsx";
import { Button } from "../design/button.tsx";
import { directionOf } from "../design/direction.ts";
import { SealIcon } from "../design/icons.tsx";
import { Scrollable } from "../design/scrollable.tsx";
import { Waiting } from "../design/working.tsx";
import styles from "./writing.module.css";

const MarkdownPreview = later(() => import("./markdown-preview.tsx"));

interface WritingBoxProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  /** The main button's words. */
  readonly act: ReactNode;
  readonly pending: boolean;
  readonly unavailable: boolean;
  /** A page of its own: the label stands above it. */
  readonly tall?: boolean;
  readonly box?: RefObject<HTMLTextAreaElement | null>;
}

/** A plain textarea for Markdown with a preview, the word on who can read it, and one main button. */
export function WritingBox({
  label,
  text,
  onText,
  onSend,
  act,
  pending,
  unavailable,
  tall = false,
  box,
}: WritingBoxProps) {
  const { t } = useLingui();
  const [previewing, setPreviewing] = useState(false);
  const own = useRef<HTMLTextAreaElement>(null);
  const area = box ?? own;
  const didPreview = useRef(false);
  useEffect(() => {
    if (didPreview.current && !previewing) area.current?.focus();
    didPreview.current = previewing;
  }, [area, previewing]);
  const hint = useId();
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!pending && !unavailable) onSend();
  };
  return (
    <div className={styles.written}>
      {tall ? (
        <label className={styles.label} htmlFor={`${hint}-text`}>
          {label}
        </label>
      ) : null}
      <div className={styles.box}>
        {previewing ? (
          <Scrollable className={styles.preview} aria-label={t`Preview`}>
            <Suspense fallback={<Waiting />}>
              <MarkdownPreview text={text} />
            </Suspense>
          </Scrollable>
        ) : (
          <textarea
            ref={area}
            className={`${styles.text} ${tall ? styles.tall : ""}`}
            {...(tall ? { id: `${hint}-text` } : { "aria-label": label, placeholder: label })}
            aria-describedby={hint}
            value={text}
            onChange={(event) => onText(event.target.value)}
            onKeyDown={keys}
            dir={directionOf("auto", text)}
            rows={tall ? 8 : 2}
            // Spelling and writing services send what is typed elsewhere.
            spellCheck={false}
            data-gramm="false"
            {...{ writingsuggestions: "false" }}
          />
        )}
        <div className={styles.tools}>
          <span className={styles.sealed}>
            <SealIcon />
            <Trans>Only members can read this</Trans>
          </span>
          <span id={hint} className={`${styles.hint} ${styles.keys}`}>
            <Trans>Markdown · Ctrl+Enter sends</Trans>
          </span>
          <Button tone="plain" unavailable={text.trim() === ""} onClick={() => setPreviewing(!previewing)}>
            {previewing ? <Trans>Edit</Trans> : <Trans>Preview</Trans>}
          </Button>
          <Button
            tone="main"
            pending={pending}
            unavailable={unavailable}
            onClick={() => {
              setPreviewing(false);
              onSend();
            }}
          >
            {act}
          </Button>
        </div>
      </div>
    </div>
  );
}
