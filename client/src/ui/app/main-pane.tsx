import { type ReactNode, Suspense } from "react";
import { Waiting } from "../design/working.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import styles from "./desk.module.css";

/** The pane that holds what one came for. */
export function MainPane({ children }: { readonly children: ReactNode }) {
  return (
    <main id="main" className={styles.main} tabIndex={-1}>
      <ErrorBoundary>
        <Suspense fallback={<Waiting />}>{children}</Suspense>
      </ErrorBoundary>
    </main>
  );
}
