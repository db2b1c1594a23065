import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { LanguagePicker } from "./language-picker.tsx";
import { useVisitBegins } from "./landing.ts";
import styles from "./sheet.module.css";

interface SheetProps {
  readonly children: ReactNode;
  /** Where one is on the way, counted from 1. */
  readonly step?: { readonly at: number; readonly of: number };
}

/** One leaflet on the board, for screens that stand alone. */
export function Sheet({ children, step }: SheetProps) {
  useVisitBegins();
  return (
    <div className={styles.board}>
      <main id="main" className={styles.sheet} tabIndex={-1}>
        <div className={styles.masthead}>
          <div>
            <span>Unionhall</span>
            {step ? (
              <p className={styles.step}>
                <Trans>
                  Step {step.at} of {step.of}
                </Trans>
              </p>
            ) : null}
          </div>
          <LanguagePicker inMasthead />
        </div>
        {children}
      </main>
    </div>
  );
}

export { styles as sheetStyles };
