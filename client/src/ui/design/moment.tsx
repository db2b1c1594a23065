import { useLingui } from "@lingui/react";
import { useEffect, useState } from "react";
import { sayDay, sayMoment, sayWhen } from "./when.ts";

/** A moment in words that stay true while the page is open. */
export function When({ time }: { readonly time: number }) {
  const { i18n } = useLingui();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={new Date(time).toISOString()} title={sayMoment(time, i18n.locale)}>
      {sayWhen(time, Math.max(now, Date.now() - 60_000), i18n.locale)}
    </time>
  );
}

export function Day({ time }: { readonly time: number }) {
  const { i18n } = useLingui();
  return <time dateTime={new Date(time).toISOString()}>{sayDay(time, i18n.locale)}</time>;
}
