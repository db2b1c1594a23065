import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

/** Counts with their nouns, for screen readers and lists. */
export function useUnreadWords() {
  const { t } = useLingui();
  return {
    topics: (count: number) => t`${plural(count, { one: "# topic with new posts", other: "# topics with new posts" })}`,
    posts: (count: number) => t`${plural(count, { one: "# new post", other: "# new posts" })}`,
    requests: (count: number) => t`${plural(count, { one: "# request to come in", other: "# requests to come in" })}`,
    members: (count: number) => t`${plural(count, { one: "# member", other: "# members" })}`,
  };
}
