/** A link into the hall whose part after `#` is a secret. */
export interface Arrival {
  readonly kind: "setup" | "join";
  readonly link: string;
}

/** Reads a link's kind from its path; null for anything that is neither a setup nor an invite link. */
export function readLink(text: string): Arrival | null {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  if (url.hash.length < 2) return null;
  if (/\/join\/?$/.test(url.pathname)) return { kind: "join", link: trimmed };
  if (/\/setup\/?$/.test(url.pathname)) return { kind: "setup", link: trimmed };
  return null;
}
