import { Trans } from "@lingui/react/macro";
import type { TopicSummary } from "../../core/index.ts";

/** A topic's title, or what it is instead of one. */
export function TopicTitle({ topic }: { readonly topic: TopicSummary }) {
  switch (topic.untitled) {
    case null:
      return <bdi>{topic.title}</bdi>;
    case "before-you-came":
      return <Trans>A topic begun before you came in</Trans>;
    case "deleted":
      return <Trans>A topic whose beginning was deleted</Trans>;
  }
}

/** Why there is no title; nothing where there is one. */
export function WhyUntitled({ topic }: { readonly topic: TopicSummary }) {
  switch (topic.untitled) {
    case null:
      return null;
    case "before-you-came":
      return (
        <Trans>Members of this group read only what was written after they came in, so its title stays closed.</Trans>
      );
    case "deleted":
      return <Trans>Its title and first post were deleted; what was written later stands here.</Trans>;
  }
}
