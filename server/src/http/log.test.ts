import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { createTestApp } from "../testing/test-app.ts";
import { ask, newKey, registered, signIn, signInBody, statementText, factOfDevice } from "../testing/test-account.ts";

const address = "198.51.100.77";

test("the log of a busy hour with every kind of failure holds no address, id, key, token, path or moment", async () => {
  await using hall = await createTestApp({
    rateLimits: true,
    extend: (app) => {
      app.get("/api/fails/:canary", async ({ params, log }) => {
        log.error(new Error(`canary in ${JSON.stringify(params)}`), "canary in a message");
        log.warn({ err: new Error("canary in err") });
        throw new Error(`canary in ${JSON.stringify(params)}`);
      });
    },
  });
  const account = await registered(hall);
  const headers = { ...(await signIn(hall, account)), "x-forwarded-for": address, "user-agent": "canary-agent" };
  const canary = toBase64url(randomBytes(16));
  const secrets = [
    account.id,
    canary,
    headers.authorization.slice("Bearer ".length),
    toBase64url(account.device.publicKey),
  ];
  const body = await signInBody(hall, account, newKey());
  const requests = [
    ["GET", "/api/account", {}],
    ["GET", `/api/fails/${canary}?canary=${canary}`, {}],
    ["GET", `/api/${canary}`, {}],
    ["GET", `/api/mailboxes/${canary}/preview`, {}],
    ["POST", "/api/sessions", { payload: body }],
    ["POST", "/api/sessions", { payload: "{canary", headers: { "content-type": "application/json" } }],
    ["POST", "/api/account/statements", { payload: { statements: [statementText(newKey(), factOfDevice(newKey()))] } }],
    ["PUT", "/api/account/vault", { payload: { vault: canary, replaces: null } }],
  ] as const;
  for (const [method, url, rest] of requests)
    await hall.app.inject({
      method,
      url,
      remoteAddress: address,
      ...rest,
      headers: { ...headers, ...("headers" in rest ? rest.headers : {}) },
    });
  await hall.databases.accounts.schema.dropTable("session").execute();
  await ask(hall.app, "GET", "/api/account", { headers });
  await hall.databases.dropGroups();
  await ask(hall.app, "GET", `/api/mailboxes/${canary}/preview`);

  const logged = hall.logged();
  expect(logged.split("\n").length).toBeGreaterThan(4);
  for (const secret of [...secrets, "canary", address, "127.0.0.1", "Bearer", 'session"', hall.origin]) {
    expect(logged.replaceAll("/api/fails/:canary", "")).not.toContain(secret);
    expect(logged).not.toContain(Buffer.from(secret, "base64url").toString("hex") || "never");
  }
  for (const line of logged.trim().split("\n")) {
    const entry: unknown = JSON.parse(line);
    expect(entry).toMatchObject({ level: expect.any(Number), day: dayOf(Date.now()) });
    const known = ["level", "day", "reqId", "route", "failure", "msg"];
    expect(Object.keys(Object(entry)).filter((key) => !known.includes(key))).toEqual([]);
  }
});
