import { type ReactNode, useState } from "react";
import { visitHasBegun } from "./landing.ts";

/** What `index.html` shows until it can be shown from here: the masthead, with strokes that fill in turn. Looks: `design/base.css`. */
export function Opening({ children }: { readonly children?: ReactNode }) {
  // Goes on where the page's own left off, and later waits a moment, so that fast answers do not flicker.
  const [goesOn] = useState(() => !visitHasBegun() && performance.now() > 350);
  return (
    <div className={`opening ${goesOn || children ? "shown" : ""}`}>
      <main id="main" tabIndex={-1}>
        <p className="name">Unionhall</p>
        {children ?? (
          <p className="strokes" aria-hidden="true">
            <i />
            <i />
            <i />
          </p>
        )}
      </main>
    </div>
  );
}
