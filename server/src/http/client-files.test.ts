import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
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
/** Beside the folder that one test serves, and inside the one that the others do. */
writeFileSync(join(folder, "outside.js"), "canary");
mkdirSync(join(folder, "inner"));
writeFileSync(join(folder, "inner", "index.html"), "<!doctype html><title>the inner app</title>");
writeFileSync(join(folder, "inner", "inside.js"), "inside");
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

async function listen(app: FastifyInstance): Promise<AddressInfo> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new TypeError("the hall does not listen");
  return address;
}

/** The whole answer to a request whose path is sent as it is given. */
async function askAsItStands(port: number, host: string, path: string): Promise<string> {
  const socket = connect(port, host);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1.1 \d/);
  return answer;
}

test("no address leads out of the folder", async () => {
  await using below = await createTestApp({ clientFolder: join(folder, "inner") });
  const { address, port } = await listen(below.app);
  for (const path of [
    "/..%2foutside.js",
    "/../outside.js",
    "/%2e%2e/outside.js",
    "/..%5coutside.js",
    "/x/..%2f../outside.js",
  ]) {
    // Once as the app is asked in tests, once as a program sends it that tidies no address.
    expect([path, (await ask(below.app, "GET", path)).body.includes("canary")]).toEqual([path, false]);
    expect([path, (await askAsItStands(port, address, path)).includes("canary")]).toEqual([path, false]);
  }
  expect(await askAsItStands(port, address, "/inside.js")).toContain("inside");
  expect((await ask(hall.app, "GET", "/outside.js")).body).toContain("canary");
});

test("a hall whose client is not built says so and what to do", async () => {
  await using unbuilt = await createTestApp({ clientFolder: join(folder, "nothing-here") });
  const reply = await ask(unbuilt.app, "GET", "/join");
  expect(reply.statusCode).toBe(503);
  expect(reply.body).toContain("npm start");
});
