import { initials, tintOf } from "./initials.ts";
import styles from "./monogram.module.css";

interface MonogramProps {
  readonly name: string;
  /** Null for somebody whom nobody can name. */
  readonly accountId: string | null;
}

/** A square of coloured paper with a person's initials. The name stands beside it, so this one is silent. */
export function Monogram({ name, accountId }: MonogramProps) {
  const tint = accountId ? styles[`tint${tintOf(accountId)}`] : "";
  return (
    <div className={`${styles.monogram} ${tint}`} aria-hidden="true">
      {accountId ? initials(name) : "?"}
    </div>
  );
}
