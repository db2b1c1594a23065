import { useLingui } from "@lingui/react";
import styles from "./count.module.css";

interface CountProps {
  readonly count: number;
  /** What is counted, in words, for screen readers. */
  readonly label: string;
  /** Red: somebody waits for an answer from you. */
  readonly needsYou?: boolean;
}

export function Count({ count, label, needsYou = false }: CountProps) {
  const { i18n } = useLingui();
  if (count === 0) return null;
  return (
    <span className={`${styles.count} ${needsYou ? styles.needs : ""}`}>
      <span aria-hidden="true">{count > 99 ? `${i18n.number(99)}+` : i18n.number(count)}</span>
      <span className="for-ears">{label}</span>
    </span>
  );
}
