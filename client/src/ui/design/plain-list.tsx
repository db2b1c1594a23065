import type { ComponentPropsWithoutRef } from "react";

interface PlainListProps extends ComponentPropsWithoutRef<"ul"> {
  readonly ordered?: boolean;
}

/** A list without marks that stays one for screen readers: Safari forgets what a list is when its style is none. */
export function PlainList({ ordered = false, children, ...rest }: PlainListProps) {
  const List = ordered ? "ol" : "ul";
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is one; the role is said for Safari
    <List {...rest} role="list">
      {children}
    </List>
  );
}
