import type { ComponentPropsWithRef } from "react";

/** What scrolls by itself can be reached and moved by keyboard; its label says what it holds. */
export function Scrollable({ children, ...rest }: ComponentPropsWithRef<"div"> & { readonly "aria-label": string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-tabindex -- keyboards scroll only what has the focus
    <div {...rest} role="group" tabIndex={0}>
      {children}
    </div>
  );
}
