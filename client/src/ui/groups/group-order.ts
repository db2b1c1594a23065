import type { GroupSummary } from "../../core/index.ts";

/** By name, as the reader's language orders names: a group keeps its place, whatever happens in it. */
export function byName(groups: readonly GroupSummary[], locale: string): readonly GroupSummary[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return groups.toSorted((a, b) => compare(a.name, b.name));
}

/** What needs somebody first, then what is new, then where something happened last. */
export function byNeed(groups: readonly GroupSummary[]): readonly GroupSummary[] {
  return groups.toSorted(
    (a, b) =>
      Number(b.openRequests > 0) - Number(a.openRequests > 0) ||
      Number(b.unreadTopics > 0) - Number(a.unreadTopics > 0) ||
      (b.latestActivity ?? 0) - (a.latestActivity ?? 0),
  );
}
