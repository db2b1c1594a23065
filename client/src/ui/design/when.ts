const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** How a moment is said beside a topic or a post: "4 minutes ago", "yesterday 14:31", "Monday", "3 November", "3 Nov 2024". */
export function sayWhen(time: number, now: number, locale: string): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const age = now - time;
  if (age < -5 * minute) return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(time);
  if (age < minute) return relative.format(0, "second");
  if (age < hour) return relative.format(-Math.floor(age / minute), "minute");
  const days = Math.round((startOfDay(now) - startOfDay(time)) / day);
  if (days === 0) return clock.format(time);
  if (days === 1) return `${relative.format(-1, "day")} ${clock.format(time)}`;
  if (days < 7) return `${new Intl.DateTimeFormat(locale, { weekday: "long" }).format(time)} ${clock.format(time)}`;
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: sameYear ? "long" : "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(time);
}

/** The whole date and time, for those who look closer. */
export function sayMoment(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(time);
}

/** A day without its time: "18 November 2026". */
export function sayDay(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(time);
}
