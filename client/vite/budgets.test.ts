import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type BuiltFile, budgets, importsOf, measure, type Sizes, sizesFile } from "./budgets.ts";
import { brotliSize } from "./precompress.ts";

const file = (name: string, facade: string | null, imports: readonly string[] = []): BuiltFile => ({
  name,
  facade,
  imports,
  content: `${name} `.repeat(50),
});

const built = [
  file("index.html", null),
  file("index.js", "/client/index.html", ["shell.js"]),
  file("shell.js", null, ["shell.css"]),
  file("shell.css", null),
  file("topic.js", "/ui/topics/topic-page.tsx", ["shell.js"]),
  file("en.js", "/ui/locales/en/first.po"),
  file("me.js", "/ui/account/me-page.tsx"),
  file("core.worker-1.js", null),
  file("libsodium.wasm", null),
];

test("the shell is all that stands before the first topic, each file once, and nothing that comes later", () => {
  const { parts } = measure(built);
  expect(parts.map(({ name }) => name).toSorted()).toEqual([
    "en.js",
    "index.html",
    "index.js",
    "shell.css",
    "shell.js",
    "topic.js",
  ]);
});

test("of the worker counts what it imports at once, however its files were built, and not what it fetches later", () => {
  const worker = 'import"./page-line.js";import{a as b}from"./core.js";import("./invites.js");';
  const scripts = ["page-line.js", "core.js", "invites.js"].map((name) => file(`assets/${name}`, null));
  const entry = {
    ...file("assets/core.worker-1.js", null),
    content: worker,
    imports: importsOf("assets/core.worker-1.js", worker),
  };
  expect(entry.imports).toEqual(["assets/page-line.js", "assets/core.js"]);
  const others = built.filter(({ name }) => !name.startsWith("core.worker"));
  const alone = measure([...others, { ...entry, imports: [] }]).worker;
  const [line, core] = scripts.map(({ content }) => brotliSize(content));
  expect(measure([...others, entry, ...scripts]).worker).toBe(alone + (line ?? 0) + (core ?? 0));
});

test("a build in which a part is not found is not measured as small", () => {
  for (const part of ["index.html", "index.js", "topic.js", "en.js", "core.worker-1.js", "libsodium.wasm"])
    expect(() => measure(built.filter(({ name }) => name !== part))).toThrow("would measure nothing");
});

test("the built client keeps its budgets", async () => {
  const path = fileURLToPath(new URL(`../dist/${sizesFile}`, import.meta.url));
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "") throw new Error("the client is not built: node scripts/prepare.mjs client");
  const sizes: Sizes = JSON.parse(text);
  for (const part of ["shell", "worker", "wasm"] as const) {
    expect([part, sizes[part]]).toEqual([
      part,
      expect.toSatisfy((bytes: number) => bytes > 10_000 && bytes <= budgets[part]),
    ]);
  }
});
