import { useEffect, useRef } from "react";

/** What leaves a list takes its buttons along, and the focus on them: it goes to the page, not to nowhere. */
export function useFocusWhenFewer(count: number): void {
  const before = useRef(count);
  useEffect(() => {
    const isFewer = count < before.current;
    before.current = count;
    if (isFewer && document.activeElement === document.body)
      document.getElementById("main")?.focus({ preventScroll: true });
  }, [count]);
}
