import { useLingui } from "@lingui/react/macro";
import { ScissorsIcon } from "../design/icons.tsx";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./word-card.module.css";

/** The 12 words as a card to copy by hand. */
export function WordCard({ words }: { readonly words: readonly string[] }) {
  const { t, i18n } = useLingui();
  return (
    <div className={styles.card}>
      <span className={styles.scissors}>
        <ScissorsIcon />
      </span>
      <PlainList ordered className={styles.words} aria-label={t`Your 12 words`} translate="no">
        {words.map((word, index) => (
          <li key={`${index} ${word}`}>
            <span>{i18n.number(index + 1)}</span>
            <bdi>{word}</bdi>
          </li>
        ))}
      </PlainList>
    </div>
  );
}

/** Four English words that two people compare. */
export function CheckWords({ words }: { readonly words: readonly string[] }) {
  const { t } = useLingui();
  return (
    <PlainList className={styles.check} aria-label={t`Check words`} lang="en" dir="ltr" translate="no">
      {words.map((word, index) => (
        <li key={`${index} ${word}`}>{word}</li>
      ))}
    </PlainList>
  );
}
