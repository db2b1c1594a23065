import type { Nodes, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** Blocks and spans nested deeper than this are shown as the text they were written as; React would overflow its stack long after. */
const deepest = 20;

/**
 * Forms that the parser takes quadratic time over, measured: 40,000 characters of `*_` cost 30 s, of `>` 12 s and the stack. A text with more
 * of them than anybody writes is shown as it was written, so that one member's post cannot stop another's screen.
 */
const costly: readonly { readonly form: RegExp; readonly most: number }[] = [
  { form: /[*_~]/g, most: 2_000 },
  { form: /\[\^?/g, most: 2_000 },
  { form: /^(?:[ \t]*>){51}/gm, most: 0 },
];

/**
 * Parses Markdown with the extensions of GFM into mdast. HTML is not interpreted: it stays a node of type `html`, which the interface shows
 * as the text that it is. Nodes carry no positions.
 */
export function parseMarkdown(text: string): Root {
  if (costly.some(({ form, most }) => moreMatchesThan(most, form, text))) return verbatim(text);
  const root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return { type: "root", children: root.children.map((child) => bounded(child, 1, text)) };
}

function moreMatchesThan(most: number, form: RegExp, text: string): boolean {
  let found = 0;
  for (const _ of text.matchAll(form)) if (++found > most) return true;
  return false;
}

function verbatim(text: string): Root {
  return { type: "root", children: [{ type: "paragraph", children: [{ type: "text", value: text }] }] };
}

/** The node without positions, and without anything nested too deep. */
function bounded<Node extends Nodes>(node: Node, depth: number, source: string): Node {
  const { position, ...rest } = node;
  if (!("children" in rest)) return rest as Node;
  if (depth >= deepest) return flattened(node, source.slice(position?.start.offset, position?.end.offset));
  const children = (rest.children as RootContent[]).map((child) => bounded(child, depth + 1, source));
  return { ...rest, children } as Node;
}

/** A node of the same type that holds nothing but its source. */
function flattened<Node extends Nodes>(node: Node, source: string): Node {
  const content: RootContent = { type: "text", value: source };
  const { position: _, ...rest } = node;
  return { ...rest, children: [content] } as Node;
}
