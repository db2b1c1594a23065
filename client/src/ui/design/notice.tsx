import type { ReactNode } from "react";
import { PinIcon, SealIcon, WarningIcon } from "./icons.tsx";
import styles from "./notice.module.css";

const signs = { plain: PinIcon, care: WarningIcon, seal: SealIcon, urgent: WarningIcon } as const;

type Tone = keyof typeof signs;

interface NoticeProps {
  /** `plain`: worth knowing. `care`: something could be lost. `seal`: private, checked. `urgent`: needs you. */
  readonly tone: Tone;
  readonly children: ReactNode;
  /** Read out by screen readers at once. */
  readonly alert?: boolean;
  readonly acts?: ReactNode;
}

export function Notice({ tone, children, alert = false, acts }: NoticeProps) {
  const Sign = signs[tone];
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ""}`} role={alert ? "alert" : undefined}>
      <Sign />
      <div>
        {children}
        {acts ? <div className={styles.acts}>{acts}</div> : null}
      </div>
    </div>
  );
}
