import { Plural, Trans } from "@lingui/react/macro";
import type { History } from "../../core/index.ts";

/** What a newcomer can read, in one sentence. */
export function HistoryRule({ history }: { readonly history: History }) {
  return history === "all" ? (
    <Trans>Everything since the group began, also what was written before somebody came.</Trans>
  ) : (
    <Trans>Only what is written after one has come in. Of earlier posts newcomers see who wrote, not what.</Trans>
  );
}

/** How long posts are kept, in one sentence. */
export function RetentionRule({ days }: { readonly days: number | null }) {
  if (days === null) return <Trans>Posts are kept for good.</Trans>;
  if (days % 365 === 0)
    return (
      <Plural
        value={days / 365}
        one="Posts are kept for one year, then their text is deleted."
        other="Posts are kept for # years, then their text is deleted."
      />
    );
  return (
    <Plural
      value={days}
      one="Posts are kept for one day, then their text is deleted."
      other="Posts are kept for # days, then their text is deleted."
    />
  );
}

/** History and retention in a few words, for under a group's name. */
export function ShortRules({ history, days }: { readonly history: History; readonly days: number | null }) {
  return (
    <>
      {history === "all" ? <Trans>history from the beginning</Trans> : <Trans>history from joining</Trans>}
      {" · "}
      {days === null ? (
        <Trans>kept for good</Trans>
      ) : days % 365 === 0 ? (
        <Plural value={days / 365} one="kept # year" other="kept # years" />
      ) : (
        <Plural value={days} one="kept # day" other="kept # days" />
      )}
    </>
  );
}
