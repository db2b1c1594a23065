import { setupI18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { parseMarkdown } from "../../core/index.ts";
import { Markdown } from "./markdown.tsx";

const i18n = setupI18n({ locale: "en", messages: { en: {} } });

function shown(text: string): string {
  const html = renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <Markdown body={parseMarkdown(text)} />
    </I18nProvider>,
  );
  return html
    .replaceAll(/ class="[^"]*"/g, "")
    .replace(/^<div dir="auto" translate="no">/, "")
    .replace(/<\/div>$/, "");
}

test("emphasis, lists, quotes and code become elements", () => {
  expect(shown("**a** *b* ~~c~~ `d`")).toBe(
    '<p><strong>a</strong> <em>b</em> <del>c</del> <code dir="ltr">d</code></p>',
  );
  expect(shown("> a")).toBe("<blockquote><p>a</p></blockquote>");
  expect(shown("3. a\n4. b")).toContain('<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>');
});

test("HTML stays the text that it is", () => {
  expect(shown("<script>alert(1)</script>")).toBe("<span>&lt;script&gt;alert(1)&lt;/script&gt;</span>");
  expect(shown('a <img src=x onerror="alert(1)"> b')).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  expect(shown("<b>bold</b>")).not.toContain("<b>");
});

test("only web and mail addresses become links, and links tell the other side nothing", () => {
  expect(shown("[a](https://union.example/)")).toContain(
    '<a href="https://union.example/" target="_blank" rel="noopener noreferrer" referrerPolicy="no-referrer">a</a>',
  );
  for (const url of ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x", "/me"])
    expect(shown(`[a](${url})`)).not.toContain("<a");
  expect(shown("[a][r]\n\n[r]: javascript:alert(1)")).not.toContain("<a");
  expect(shown("<javascript:alert(1)>")).not.toContain("<a");
});

test("pictures are links, so that looking at a post fetches nothing", () => {
  const html = shown("![a plan](https://union.example/plan.png) ![b][r]\n\n[r]: https://union.example/b.png");
  expect(html).not.toMatch(/<img|src=/);
  expect(html).toContain('href="https://union.example/plan.png"');
  expect(html).toContain('href="https://union.example/b.png"');
});

test("each text runs in the direction of its own letters", () => {
  const html = renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <Markdown body={parseMarkdown("في حالتنا")} />
    </I18nProvider>,
  );
  expect(html).toContain('dir="auto"');
});

test("headings inside a post rank below the topic's own", () => {
  expect(shown("# a\n\n## b\n\n### c")).toBe("<h3>a</h3><h4>b</h4><h5>c</h5>");
});

test("tables and task lists are tables and boxes that say what they are", () => {
  const table = shown("| a | b |\n|---|---:|\n| 1 | 2 |");
  expect(table).toContain('<th scope="col">a</th>');
  expect(table).toContain('<td data-align="right">2</td>');
  expect(shown("- [x] a\n- [ ] b")).toMatch(/aria-label="Done".*aria-label="Not done"/);
});

test("footnotes are numbered and stand at the end", () => {
  expect(shown("a[^x]\n\n[^x]: note")).toBe("<p>a<sup>[1]</sup></p><ol><li><p>note</p></li></ol>");
});
