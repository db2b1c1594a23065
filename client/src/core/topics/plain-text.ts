import type { Paragraph, Root } from "mdast";

/** Letters of any script, digits, spaces, and signs that Markdown gives no meaning inside a line. */
const harmless = /^[\p{L}\p{M}\p{N} \n,.;:?'"()/%–—…«»„“”‘’¿،؟。、-]*$/u;
/** Where a line's beginning or end has a meaning: lists, headings, code, a break; and what the parser would make a link of. */
const meaningful = /^ *([-+]|\d+[.)]| {4})|^ *[-=]+ *$| {2}$|www\.|:\/\//imu;

/**
 * The same as the Markdown parser's answer for a text in which there is nothing to parse, at a hundredth of its cost; null for any other text.
 * Most posts are such.
 */
export function plainTextOf(text: string): Root | null {
  if (!harmless.test(text) || meaningful.test(text)) return null;
  const children = text
    .split(/\n(?: *\n)+/)
    .map((block) => block.split("\n").map(trimSpaces).join("\n").trim())
    .filter((block) => block.length > 0)
    .map((value): Paragraph => ({ type: "paragraph", children: [{ type: "text", value }] }));
  return { type: "root", children };
}

function trimSpaces(line: string): string {
  return line.replace(/^ +| +$/g, "");
}
