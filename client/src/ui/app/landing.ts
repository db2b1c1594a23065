import { type RefObject, useEffect, useRef } from "react";

let landedOnce = false;

function landed(): void {
  landedOnce = true;
}

/** Whether any screen has been shown yet. */
export function visitHasBegun(): boolean {
  return landedOnce;
}

/**
 * For what frames screens that stand alone: whatever the first of them is, the visit has begun with it, and the next one takes the focus. Its
 * own effects come before.
 */
export function useVisitBegins(): void {
  useEffect(landed, []);
}

/**
 * Moves the focus to a screen's heading when somebody navigates to it, so that screen readers and keyboards go on from there. Not on the
 * first screen of a visit, where the browser starts at the top by itself, and not away from somebody who writes already.
 */
export function useLanding<Element extends HTMLElement>(): RefObject<Element | null> {
  const heading = useRef<Element>(null);
  useEffect(() => {
    if (landedOnce && !isWriting()) {
      heading.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    landed();
  }, []);
  return heading;
}

function isWriting(): boolean {
  return document.activeElement instanceof HTMLTextAreaElement || document.activeElement instanceof HTMLInputElement;
}

/**
 * Names the tab by its kind of screen, never by what a group or topic is called: browsers write titles into their history, which a locked
 * device does not protect.
 */
export function useTabTitle(screen: string | null): void {
  useEffect(() => {
    document.title = screen ? `${screen} · Unionhall` : "Unionhall";
  }, [screen]);
}
