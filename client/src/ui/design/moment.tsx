import { useLingui } from "@lingui/react";
import { useEffect, useState } from "react";
import { sayDay, sayMoment, sayWhen, sayWhenExactly } from "./when.ts";

interface WhenProps {
  readonly time: number;
  /** Also the hour for what is older than today. */
  readonly exact?: boolean;
}

/** A moment in words that stay true while the page is open. */
export function When({ time, exact = false }: WhenProps) {
  const { i18n } = useLingui();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const locale = i18n.locales ?? i18n.locale;
  const said = (exact ? sayWhenExactly : sayWhen)(time, now, locale);
  return (
    <time dateTime={new Date(time).toISOString()} title={sayMoment(time, locale)}>
      {said}
    </time>
  );
}

export function Day({ time }: { readonly time: number }) {
  const { i18n } = useLingui();
  return <time dateTime={new Date(time).toISOString()}>{sayDay(time, i18n.locales ?? i18n.locale)}</time>;
}
