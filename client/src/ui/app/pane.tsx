import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { BackLink } from "./back-link.tsx";
import { useLanding } from "./landing.ts";
import styles from "./pane.module.css";

interface PaneHeadProps {
  readonly title: ReactNode;
  readonly under?: ReactNode;
  /** Where the back button leads; absent when there is nothing to go back to beside this pane. */
  readonly back?: { readonly href: string; readonly label: string } | null;
  readonly acts?: ReactNode;
}

export function PaneHead({ title, under, back, acts }: PaneHeadProps) {
  const heading = useLanding<HTMLHeadingElement>();
  const [whole, setWhole] = useState(false);
  return (
    <header className={styles.head}>
      {back ? <BackLink {...back} className={styles.back ?? ""} /> : null}
      <div className={styles.words}>
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- ears hear all of it, and keys come to it whole */}
        <h1
          ref={heading}
          tabIndex={-1}
          className={`${styles.title} ${whole ? styles.whole : ""}`}
          onClick={() => setWhole(!whole)}
        >
          <bdi>{title}</bdi>
        </h1>
        {under ? <p className={styles.under}>{under}</p> : null}
      </div>
      {acts}
    </header>
  );
}

/** What stands under a pane's head and scrolls. */
export function PaneBody({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.body}>
      <div className={styles.inner}>{children}</div>
    </div>
  );
}

export function Section({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Prose({ children }: { readonly children: ReactNode }) {
  return <div className={styles.prose}>{children}</div>;
}

/** The label of the back button, by where it leads. */
export function useBackLabels() {
  const { t } = useLingui();
  return { home: t`Back to your groups`, group: t`Back to the group` };
}
