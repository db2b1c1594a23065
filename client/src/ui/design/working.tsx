import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import styles from "./working.module.css";

/** Three strokes that fill in turn. Says nothing by itself: the words stand beside it. */
export function Working() {
  return (
    <span className={styles.working} aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}

/** For a whole pane that waits. Appears only after a moment, so that fast answers do not flicker. */
export function Waiting({ children }: { readonly children?: ReactNode }) {
  const { t } = useLingui();
  return (
    <output className={styles.waiting}>
      <Working />
      <span>{children ?? t`One moment…`}</span>
    </output>
  );
}
