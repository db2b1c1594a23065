import type { Root } from "mdast";
import { plainTextOf } from "./plain-text.ts";

/** Texts of the pages looked at last: a page is read anew whenever something in its topic changes. */
const mostKept = 400;

/** Posts' texts as mdast, the last ones kept; an open account has one, so that nothing of them outlives it. */
export class ParsedTexts {
  readonly #kept = new Map<string, Root>();

  /** The parser is a fifth of core's weight and waits until a text needs it. */
  async of(text: string): Promise<Root> {
    const known = this.#kept.get(text);
    const root = known ?? plainTextOf(text) ?? (await import("./markdown.ts")).parseMarkdown(text);
    this.#kept.delete(text);
    this.#kept.set(text, root);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return root;
  }
}
