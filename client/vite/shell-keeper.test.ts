import { expect, test } from "vitest";
import { shellOf } from "./shell-keeper.ts";

const names = [
  "index.html",
  "assets/shell-1.js",
  "assets/shell-1.css",
  "assets/sodium-1.wasm",
  "favicon.svg",
  ".vite/sizes.json",
];

test("what is kept are hashed files and the sign of the tab, by their paths; the page by its hash", () => {
  const { files, page } = shellOf("<html>", names);
  expect(files).toEqual(["/assets/shell-1.css", "/assets/shell-1.js", "/assets/sodium-1.wasm", "/favicon.svg"]);
  expect(page).toMatch(/^[0-9a-f]{64}$/);
});

test("another page or another file is another build", () => {
  const one = shellOf("<html>", names);
  expect(shellOf("<html>", names.toReversed())).toEqual(one);
  expect(shellOf("<html lang>", names).version).not.toBe(one.version);
  expect(shellOf("<html>", [...names, "assets/more-2.js"]).version).not.toBe(one.version);
});

test("a build that would not open is not kept", () => {
  expect(() => shellOf("<html>", ["index.html", "assets/shell-1.js", "assets/shell-1.css"])).toThrow(".wasm");
});
