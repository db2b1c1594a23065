import type { Nodes } from "mdast";
import { expect, test } from "vitest";
import { parseMarkdown } from "./markdown.ts";

function nodesOf(node: Nodes): readonly Nodes[] {
  return "children" in node ? [node, ...node.children.flatMap(nodesOf)] : [node];
}

test("emphasis, lists, tables and struck text become nodes", () => {
  const types = nodesOf(parseMarkdown("*a* **b** ~~c~~\n\n- [x] d\n\n| e |\n|---|\n| f |\n")).map((node) => node.type);
  for (const type of ["emphasis", "strong", "delete", "listItem", "table", "tableCell"]) expect(types).toContain(type);
});

test("HTML stays a node of its source and opens nothing", () => {
  const nodes = nodesOf(parseMarkdown('before <img src=x onerror="alert(1)"> after\n\n<script>alert(2)</script>\n'));
  const html = nodes.filter((node) => node.type === "html").map((node) => ("value" in node ? node.value : ""));
  expect(html).toEqual(['<img src=x onerror="alert(1)">', "<script>alert(2)</script>"]);
});

test("nesting too deep to draw is cut off and its text kept", () => {
  const root = parseMarkdown(`${"- ".repeat(60)}deep`);
  const depth = (node: Nodes): number => ("children" in node ? 1 + Math.max(0, ...node.children.map(depth)) : 1);
  expect(depth(root)).toBeGreaterThan(10);
  expect(depth(root)).toBeLessThanOrEqual(22);
  expect(JSON.stringify(root)).toContain("deep");
});

test("a text made to be slow to parse is shown as it was written, at once", () => {
  for (const form of [">", "> ", "*_", "*a ", "~a", "[^a]"]) {
    const hostile = form.repeat(40_000 / form.length);
    const started = performance.now();
    const root = parseMarkdown(hostile);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(JSON.stringify(root)).toContain(JSON.stringify(hostile).slice(1, -1));
  }
});

test("no node carries a position", () => {
  expect(nodesOf(parseMarkdown("# a\n\nb *c*")).every((node) => node.position === undefined)).toBe(true);
});
