/** What dates are written by: a language, or its regional form first. */
export type Locale = string | readonly string[];

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Intl's types ask for lists that it could change. */
function mutable(locale: Locale): string | string[] {
  return typeof locale === "string" ? locale : [...locale];
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** How a moment is said beside a topic or a post: "4 minutes ago", "yesterday", "Monday", "3 November", "3 Nov 2024". */
export function sayWhen(time: number, now: number, locale: Locale): string {
  const relative = new Intl.RelativeTimeFormat(mutable(locale), { numeric: "auto" });
  const clock = new Intl.DateTimeFormat(mutable(locale), { hour: "2-digit", minute: "2-digit" });
  const age = now - time;
  if (age < -5 * minute)
    return new Intl.DateTimeFormat(mutable(locale), { dateStyle: "medium", timeStyle: "short" }).format(time);
  if (age < minute) return relative.format(0, "second");
  if (age < hour) return relative.format(-Math.floor(age / minute), "minute");
  const days = Math.round((startOfDay(now) - startOfDay(time)) / day);
  if (days === 0) return clock.format(time);
  if (days === 1) return relative.format(-1, "day");
  if (days < 7) return new Intl.DateTimeFormat(mutable(locale), { weekday: "long" }).format(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(mutable(locale), {
    day: "numeric",
    month: sameYear ? "long" : "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(time);
}

/** The same with the hour, for posts: "yesterday, 14:31", "3 November, 09:12". */
export function sayWhenExactly(time: number, now: number, locale: Locale): string {
  const said = sayWhen(time, now, locale);
  const clock = new Intl.DateTimeFormat(mutable(locale), { hour: "2-digit", minute: "2-digit" }).format(time);
  const older = now - time >= 60 * minute && startOfDay(time) !== startOfDay(now);
  return older ? `${said}, ${clock}` : said;
}

/** The whole date and time, for those who look closer. */
export function sayMoment(time: number, locale: Locale): string {
  return new Intl.DateTimeFormat(mutable(locale), { dateStyle: "full", timeStyle: "short" }).format(time);
}

/** A day without its time: "18 November 2026". */
export function sayDay(time: number, locale: Locale): string {
  return new Intl.DateTimeFormat(mutable(locale), { dateStyle: "long" }).format(time);
}
