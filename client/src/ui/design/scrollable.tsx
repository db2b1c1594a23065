import type { ComponentPropsWithRef } from "react";

/** What scrolls by itself can be reached and moved by keyboard; its label says what it holds. */
export function Scrollable({
  children,
  ...rest
}: ComponentPropsWithRef<"section"> & { readonly "aria-label": string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keyboards scroll only what has the focus
    <section {...rest} tabIndex={0}>
      {children}
    </section>
  );
}
