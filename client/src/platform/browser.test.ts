import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { build } from "vite";
import { chromiumPath } from "../../../scripts/chromium.mjs";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "unionhall-browser-"));
let server: Server;
let browser: Browser;

/** A page of its own origin that runs `testing/browser-page.ts`. */
beforeAll(async () => {
  const entry = fileURLToPath(new URL("testing/browser-page.ts", import.meta.url));
  await build({
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, target: "es2024", lib: { entry, formats: ["es"], fileName: () => "page.js" } },
  });
  server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? readFileSync(join(folder, "page.js")) : '<script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

test("storage, keys and locks of the browser keep their laws in Chromium", async () => {
  const page = await browser.newPage();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every listening server has one
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction("globalThis.outcomes !== undefined");
  const outcomes: readonly { readonly name: string; readonly fault: string | null }[] =
    await page.evaluate("globalThis.outcomes");
  expect(outcomes.filter(({ fault }) => fault !== null)).toEqual([]);
  expect(outcomes.length).toBeGreaterThanOrEqual(10);
}, 60_000);
