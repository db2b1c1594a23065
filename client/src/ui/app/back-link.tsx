import type { MouseEvent } from "react";
import { Link } from "wouter";
import { BackIcon } from "../design/icons.tsx";

interface BackLinkProps {
  readonly href: string;
  readonly label: string;
  readonly className: string;
}

/** The arrow at a pane's head. Where one came from there, it steps back, so that it and the device's own back button do not go in circles. */
export function BackLink({ href, label, className }: BackLinkProps) {
  return (
    <Link href={href} className={className} aria-label={label} onClick={(event) => stepBack(event, href)}>
      <BackIcon />
    </Link>
  );
}

function stepBack(event: MouseEvent, href: string): void {
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
  // Older browsers do not say what was open before.
  if (opensElsewhere || !("navigation" in window)) return;
  const { currentEntry } = navigation;
  const before = currentEntry ? navigation.entries()[currentEntry.index - 1] : undefined;
  if (before?.url !== new URL(href, location.href).href) return;
  event.preventDefault();
  history.back();
}
