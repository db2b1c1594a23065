import type { Post } from "../../core/index.ts";

const longestQuote = 300;

/** A draft with some of a post quoted at its end, as Markdown: what was selected in it, else how it begins; and who wrote it. */
export function quoted(draft: string, { text, author }: Pick<Post, "text" | "author">, selected = ""): string {
  const said = selected.trim() === "" ? beginning(text) : selected.trim();
  const who = author.name === "" ? [] : [`**${escaped(author.name)}:**`];
  const quote = [...who, ...said.split("\n")].map((line) => (line.trim() === "" ? ">" : `> ${line}`)).join("\n");
  const before = draft.trimEnd();
  return `${before === "" ? "" : `${before}\n\n`}${quote}\n\n`;
}

/** The first paragraph that is the post's own, cut after a word; the whole text where it has nothing else. */
function beginning(text: string): string {
  const blocks = text.trim().split(/\n[ \t]*\n/);
  const own = blocks.map(withoutQuotes).find((block) => block !== "" && !isTable(block) && !isHeading(block));
  return cut(own ?? blocks[0] ?? "");
}

/** Up to where it quotes: what follows a quote without an empty line belongs to that. */
function withoutQuotes(block: string): string {
  const lines = block.split("\n");
  const quote = lines.findIndex((line) => /^ {0,3}>/.test(line));
  return (quote === -1 ? lines : lines.slice(0, quote)).join("\n").trim();
}

const isTable = (block: string): boolean =>
  block.split("\n").some((line) => /^[ |:-]*-[ |:-]*$/.test(line) && line.includes("|"));

const isHeading = (block: string): boolean => /^#{1,6}\s/.test(block);

function cut(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= longestQuote) return text;
  const start = characters.slice(0, longestQuote).join("");
  const space = start.search(/\s\S*$/);
  return `${space > longestQuote / 2 ? start.slice(0, space) : start}…`;
}

/** A name as it stands, whatever Markdown would make of it. */
function escaped(name: string): string {
  return name.replaceAll(/[\\`*_[\]<>#~|&!]/g, "\\$&");
}
