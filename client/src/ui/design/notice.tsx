import type { ReactNode } from "react";
import { SealIcon, WarningIcon } from "./icons.tsx";
import styles from "./notice.module.css";

interface NoticeProps {
  /** `plain`: worth knowing. `seal`: private, checked. `urgent`: needs you. */
  readonly tone: "plain" | "seal" | "urgent";
  readonly children: ReactNode;
  /** Read out by screen readers at once. */
  readonly alert?: boolean;
  readonly acts?: ReactNode;
}

export function Notice({ tone, children, alert = false, acts }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${tone === "plain" ? "" : styles[tone]}`} role={alert ? "alert" : undefined}>
      {tone === "seal" ? <SealIcon /> : <WarningIcon />}
      <div>
        {children}
        {acts ? <div className={styles.acts}>{acts}</div> : null}
      </div>
    </div>
  );
}
