import { useSyncExternalStore } from "react";

/** In em, so that a larger text size means fewer panes. */
const three = matchMedia("(min-width: 68.75em)");
const two = matchMedia("(min-width: 47.5em)");

/** How many panes stand side by side: rail, list and main; list and main; one at a time. */
export function usePanes(): 1 | 2 | 3 {
  return useSyncExternalStore(
    (listener) => {
      for (const query of [two, three]) query.addEventListener("change", listener);
      return () => {
        for (const query of [two, three]) query.removeEventListener("change", listener);
      };
    },
    () => (three.matches ? 3 : two.matches ? 2 : 1),
  );
}
