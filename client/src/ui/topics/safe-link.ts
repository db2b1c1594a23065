const allowed = new Set(["http:", "https:", "mailto:"]);

export interface SafeLink {
  readonly href: string;
  /** Where it leads, to show beside a text that says something else; null for what the text says itself. */
  readonly leadsTo: string | null;
}

/**
 * A link out of a post, or null when it must not become one: only whole web and mail addresses do. Its destination is named when the
 * text does not show it, since a member could write one address and mean another.
 */
export function safeLink(url: string, text: string): SafeLink | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (!allowed.has(parsed.protocol)) return null;
  const destination = parsed.protocol === "mailto:" ? parsed.pathname : parsed.host;
  const said = text.trim().toLowerCase();
  const shows =
    said.includes(destination.toLowerCase()) &&
    [url, url.replace(/^(https?|mailto):(\/\/)?/, "")].some((form) => said === form.toLowerCase());
  return { href: parsed.href, leadsTo: shows ? null : destination };
}
