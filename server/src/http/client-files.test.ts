import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { createTestApp } from "../testing/test-app.ts";
import { ask } from "../testing/test-account.ts";
import { pagePolicy } from "./security-headers.ts";

const folder = mkdtempSync(join(tmpdir(), "unionhall-client-"));
const script = "export const answer = 42;\n".repeat(50);
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), "<!doctype html><title>the app</title>");
writeFileSync(join(folder, "favicon.svg"), "<svg/>");
writeFileSync(join(folder, ".unionhall-stamp"), "canary");
writeFileSync(join(folder, "assets", "main-abc123.js"), script);
writeFileSync(join(folder, "assets", "main-abc123.js.br"), brotliCompressSync(script));
writeFileSync(join(folder, "assets", "core-abc123.wasm"), "wasm");
const hall = await createTestApp({ clientFolder: folder });
afterAll(async () => {
  await hall[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("every address of the app gives the app, and the strict policy with it", async () => {
  for (const url of ["/", "/join", "/setup", "/g/abc", "/g/abc/t/def?x=1", "/me"]) {
    const reply = await ask(hall.app, "GET", url);
    expect([url, reply.statusCode, reply.headers["content-type"]]).toEqual([url, 200, "text/html; charset=utf-8"]);
    expect(reply.body).toContain("the app");
    expect(reply.headers["cache-control"]).toBe("no-cache");
    expect(reply.headers["content-security-policy"]).toBe(pagePolicy);
  }
});

test("built files are kept for ever, and sent packed to who takes it", async () => {
  const plain = await ask(hall.app, "GET", "/assets/main-abc123.js");
  expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(plain.headers["content-type"]).toMatch(/^(text|application)\/javascript/);
  expect(plain.body).toBe(script);
  const packed = await ask(hall.app, "GET", "/assets/main-abc123.js", { headers: { "accept-encoding": "gzip, br" } });
  expect(packed.headers["content-encoding"]).toBe("br");
  expect(packed.rawPayload.length).toBeLessThan(script.length / 4);
  expect(packed.headers["vary"]).toContain("accept-encoding");
  const wasm = await ask(hall.app, "GET", "/assets/core-abc123.wasm");
  expect(wasm.headers["content-type"]).toBe("application/wasm");
  expect((await ask(hall.app, "GET", "/favicon.svg")).headers["cache-control"]).toBe("no-cache");
});

test("a missing file is missing: no page comes in its place, and nothing outside the folder", async () => {
  for (const url of ["/assets/gone.js", "/gone.png", "/.unionhall-stamp", "/assets/", "/api/g/abc"]) {
    const reply = await ask(hall.app, "GET", url);
    expect(reply.body).not.toContain("the app");
    expect(reply.body).not.toContain("canary");
    expect(reply.body).not.toContain("root:");
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
  }
});

test("no address leads out of the folder", async () => {
  await using below = await createTestApp({ clientFolder: join(folder, "assets") });
  for (const url of [
    "/..%2f.unionhall-stamp",
    "/../.unionhall-stamp",
    "/%2e%2e/.unionhall-stamp",
    "/..%5c.unionhall-stamp",
  ])
    expect((await ask(below.app, "GET", url)).body).not.toContain("canary");
});

test("a hall whose client is not built says so and what to do", async () => {
  await using unbuilt = await createTestApp({ clientFolder: join(folder, "nothing-here") });
  const reply = await ask(unbuilt.app, "GET", "/join");
  expect(reply.statusCode).toBe(503);
  expect(reply.body).toContain("npm start");
});
