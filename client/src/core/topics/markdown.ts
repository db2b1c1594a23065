import type { Nodes, Root } from "mdast";
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
  const bare: Node = { ...node };
  delete bare.position;
  if (!("children" in bare)) return bare;
  const { position } = node;
  const children: Nodes[] =
    depth >= deepest
      ? [{ type: "text", value: source.slice(position?.start.offset, position?.end.offset) }]
      : bare.children.map((child) => bounded<Nodes>(child, depth + 1, source));
  return Object.assign(bare, { children });
}
