import type { Post } from "../../core/index.ts";

/** A draft with a post quoted at its end, as Markdown. */
export function quoted(draft: string, post: Pick<Post, "text">): string {
  const lines = post.text.trim().split("\n");
  const quote = lines.map((line) => (line.trim() === "" ? ">" : `> ${line}`)).join("\n");
  const before = draft.trimEnd();
  return `${before === "" ? "" : `${before}\n\n`}${quote}\n\n`;
}
