import { parseMarkdown } from "../../core/index.ts";
import { Markdown } from "./markdown.tsx";

/** Shows a text as it will look. The parser comes only with the first preview. */
export default function MarkdownPreview({ text }: { readonly text: string }) {
  return <Markdown body={parseMarkdown(text)} />;
}
