import { expect, test } from "vitest";
import { safeLink } from "./safe-link.ts";

test.each([
  "javascript:alert(1)",
  "JAVASCRIPT:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "/g/1",
  "#x",
  "blob:https://x/y",
])("%s does not become a link", (url) => {
  expect(safeLink(url, "text")).toBeNull();
});

test("a text that says another address than the link's has its destination named", () => {
  expect(safeLink("https://evil.example/x", "https://union.example")?.leadsTo).toBe("evil.example");
  expect(safeLink("https://union.example/x", "the minutes")?.leadsTo).toBe("union.example");
  expect(safeLink("mailto:a@union.example", "write to us")?.leadsTo).toBe("a@union.example");
});

test("an address that stands there as it is needs no more words", () => {
  expect(safeLink("https://union.example/x", "https://union.example/x")?.leadsTo).toBeNull();
  expect(safeLink("http://www.union.example", "www.union.example")?.leadsTo).toBeNull();
});

test("a look-alike host is shown in the letters that reach the network", () => {
  const cyrillic = "https://uni\u043en.example/";
  expect(safeLink(cyrillic, "the register")?.leadsTo).toMatch(/^xn--.*\.example$/);
  expect(safeLink(cyrillic, cyrillic)?.leadsTo).toMatch(/^xn--.*\.example$/);
});
