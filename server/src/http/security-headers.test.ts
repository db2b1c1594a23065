import { afterAll, expect, test } from "vitest";
import { createTestApp } from "../testing/test-app.ts";
import { ask } from "../testing/test-account.ts";
import { pagePolicy } from "./security-headers.ts";

const hall = await createTestApp();
afterAll(async () => await hall[Symbol.asyncDispose]());

test("pages may run their own files and nothing else", () => {
  expect(pagePolicy).toMatch(/^default-src 'none'; /);
  expect(pagePolicy).toContain("require-trusted-types-for 'script'");
  expect(pagePolicy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
});

test("the headers stand on every reply, whatever its status", async () => {
  const urls = ["/", "/api/hall", "/api/nothing", "/assets/gone.js", "/healthz", "/api/%ff"];
  for (const url of urls) {
    const { headers } = await ask(hall.app, "GET", url);
    expect([url, headers]).toMatchObject([
      url,
      {
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "x-frame-options": "DENY",
      },
    ]);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["permissions-policy"]).toContain("microphone=()");
    expect(headers["strict-transport-security"]).toBeUndefined();
  }
  const refused = await ask(hall.app, "GET", "/api/hall", { headers: { origin: "https://evil.example" } });
  expect(refused.headers["referrer-policy"]).toBe("no-referrer");
});

test("what the interface for programs answers is never stored", async () => {
  expect((await ask(hall.app, "GET", "/api/hall")).headers["cache-control"]).toBe("no-store");
  expect((await ask(hall.app, "GET", "/api/nothing")).headers["cache-control"]).toBe("no-store");
});

test("a hall on https tells browsers never to come without", async () => {
  await using secure = await createTestApp({ origin: "https://hall.example" });
  const { headers } = await ask(secure.app, "GET", "/api/hall");
  expect(headers["strict-transport-security"]).toMatch(/^max-age=31536000/);
});
