import { type RefObject, useLayoutEffect, useRef } from "react";

const kept = new Map<string, number>();

/** A list that was left comes back where it was, also after its pane was away. */
export function useKeptScroll(name: string): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    element.scrollTop = kept.get(name) ?? 0;
    const keep = (): void => {
      kept.set(name, element.scrollTop);
    };
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [name]);
  return list;
}
