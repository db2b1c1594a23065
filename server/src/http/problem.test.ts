import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AnyProblem, problemCodes, problems } from "../contract/problem.ts";
import { createTestApp } from "../testing/test-app.ts";
import { ask } from "../testing/test-account.ts";
import { Value } from "typebox/value";
import { ProblemError } from "./problem.ts";

test("every refusal is a problem of the contract", async () => {
  await using hall = await createTestApp();
  const json = { "content-type": "application/json" };
  const replies = [
    [await ask(hall.app, "GET", "/api/nothing"), "unknown-address"],
    [await ask(hall.app, "DELETE", "/api/hall"), "unknown-address"],
    [await ask(hall.app, "POST", "/api/sessions", { headers: json, payload: "{" }), "malformed-request"],
    [await ask(hall.app, "POST", "/api/sessions", { payload: { accountId: 5 } }), "malformed-request"],
    [await ask(hall.app, "POST", "/api/sessions"), "malformed-request"],
    [await ask(hall.app, "POST", "/api/sessions", { payload: { filler: "x".repeat(20_000) } }), "body-too-large"],
    [
      await ask(hall.app, "POST", "/api/sessions", { headers: { "content-type": "text/xml" }, payload: "<a/>" }),
      "unsupported-media-type",
    ],
    [await ask(hall.app, "GET", "/api/mailboxes/short/preview"), "malformed-request"],
    [await ask(hall.app, "GET", `/api/mailboxes/${"A".repeat(5_000)}/preview`), "malformed-request"],
    [await ask(hall.app, "GET", "/api/%ff"), "malformed-request"],
    [await ask(hall.app, "POST", "/join"), "unknown-address"],
  ] as const;
  for (const [reply, code] of replies) {
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(reply.json()).toMatchObject({ type: "about:blank", code, ...problems[code] });
    expect(Value.Check(AnyProblem, reply.json())).toBe(true);
    expect(reply.statusCode).toBe(problems[code].status);
  }
});

test("a member that the contract does not name is refused, and the value is not repeated", async () => {
  await using hall = await createTestApp();
  const reply = await ask(hall.app, "POST", "/api/sessions", { payload: { canary: "canary-value" } });
  expect(reply.json()).toMatchObject({ code: "malformed-request" });
  expect(reply.body).not.toContain("canary-value");
});

test("a failure says that nothing was changed, and neither the reply nor the log repeat its words", async () => {
  await using hall = await createTestApp({
    extend: (app) => {
      app.get("/api/fails", async () => {
        throw new Error("canary: row 42");
      });
    },
  });
  const reply = await ask(hall.app, "GET", "/api/fails");
  expect(reply.json()).toMatchObject({ status: 500, code: "internal-error" });
  expect(reply.body).not.toContain("canary");
  expect(hall.logged()).toContain("a request failed");
  expect(hall.logged()).toContain("/api/fails");
  expect(hall.logged()).not.toContain("canary");
});

test("seconds to wait stand in the header and in the problem", async () => {
  await using hall = await createTestApp({
    extend: (app) => {
      app.get("/api/busy", async () => {
        throw new ProblemError("too-many-requests", { retryAfterSeconds: 7 });
      });
    },
  });
  const reply = await ask(hall.app, "GET", "/api/busy");
  expect(reply.headers["retry-after"]).toBe("7");
  expect(reply.json()).toMatchObject({ status: 429, retryAfterSeconds: 7 });
});

test("codes are words of small letters, each with a status of 400 or above and a title of one sentence", () => {
  expect(problemCodes.length).toBeGreaterThan(30);
  for (const code of problemCodes) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(problems[code].status).toBeGreaterThanOrEqual(400);
    expect(problems[code].title).toMatch(/^[A-Z].*\.$/);
  }
});

test("every code of the closed list is one that this server answers with", () => {
  const source = join(import.meta.dirname, "..");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/\.test\.ts$|(^|\/)(contract|testing)\//.test(name),
  );
  expect(files.length).toBeGreaterThan(60);
  const text = files.map((name) => readFileSync(join(source, name), "utf8")).join("\n");
  expect(problemCodes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
