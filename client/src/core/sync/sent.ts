/** What sending records came to. */
export type Sent =
  /** Nothing is left to send. */
  | { readonly kind: "empty" }
  /** Something was acknowledged or refused; there may be more. */
  | { readonly kind: "went-on" }
  /** A new era has begun: catch up first. */
  | { readonly kind: "era-ended" }
  /** The connection does not follow the group yet. */
  | { readonly kind: "not-subscribed" }
  | { readonly kind: "wait"; readonly milliseconds: number };
