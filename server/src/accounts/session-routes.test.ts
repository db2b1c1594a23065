import { randomBytes } from "node:crypto";
import { encode, sign, signInStructure } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import { ask, challengeOf, newKey, newTestAccount, registered, signIn, signInBody } from "../testing/test-account.ts";

async function signInCode(hall: TestApp, payload: object): Promise<string | undefined> {
  return (await ask(hall.app, "POST", "/api/sessions", { payload })).json<{ code?: string }>().code;
}

test("a device and the sign-in key sign in, a stranger's key does not", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  for (const key of [account.device, account.keys.signIn])
    expect(await signInCode(hall, await signInBody(hall, account, key))).toBeUndefined();
  expect(await signInCode(hall, await signInBody(hall, account, newKey()))).toBe("key-refused");
  expect(await signInCode(hall, await signInBody(hall, account, account.keys.identity))).toBe("key-refused");
  const nobody = newTestAccount();
  expect(await signInCode(hall, await signInBody(hall, nobody, nobody.device))).toBe("unknown-account");
});

test("a challenge is good for one sign-in", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const body = await signInBody(hall, account, account.device);
  expect(await signInCode(hall, body)).toBeUndefined();
  expect(await signInCode(hall, body)).toBe("challenge-refused");
});

test("a challenge is good until its minute is over, and none is good that the hall did not make", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const [early, late] = [
    await signInBody(hall, account, account.device),
    await signInBody(hall, account, account.device),
  ];
  hall.advance(limits.challengeSeconds * 1000 - 1000);
  expect(await signInCode(hall, early)).toBeUndefined();
  hall.advance(1000);
  expect(await signInCode(hall, late)).toBe("challenge-refused");
  const own = { ...late, challenge: toBase64url(randomBytes(32)) };
  expect(await signInCode(hall, own)).toBe("challenge-refused");
});

test("a signature for another hall, another account or another challenge is refused", async () => {
  await using hall = await createTestApp();
  const [ana, chidi] = [await registered(hall), await registered(hall)];
  const body = async (changed: {
    origin?: string;
    accountId?: Uint8Array;
    challenge?: Uint8Array;
  }): Promise<object> => {
    const challenge = await challengeOf(hall);
    const signed = { origin: hall.origin, accountId: ana.keys.accountId, challenge, ...changed };
    return {
      accountId: ana.id,
      key: toBase64url(ana.device.publicKey),
      challenge: toBase64url(challenge),
      signature: toBase64url(sign(encode(signInStructure, signed), ana.device.secretKey)),
    };
  };
  expect(await signInCode(hall, await body({}))).toBeUndefined();
  expect(await signInCode(hall, await body({ origin: "https://false.example" }))).toBe("signature-refused");
  expect(await signInCode(hall, await body({ accountId: chidi.keys.accountId }))).toBe("signature-refused");
  expect(await signInCode(hall, await body({ challenge: randomBytes(32) }))).toBe("signature-refused");
});

test("a session lasts 24 hours", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const day = limits.sessionHours * 3_600_000;
  hall.advance(day - 1);
  expect((await ask(hall.app, "GET", "/api/account", { headers })).statusCode).toBe(200);
  hall.advance(1);
  expect((await ask(hall.app, "GET", "/api/account", { headers })).json()).toMatchObject({ code: "session-ended" });
});

test("who signed out is out with every session of that device, and of that device only", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const [before, here] = [await signIn(hall, account), await signIn(hall, account)];
  const there = await signIn(hall, account, account.keys.signIn);
  expect((await ask(hall.app, "DELETE", "/api/sessions/current", { headers: here })).statusCode).toBe(204);
  for (const headers of [before, here])
    expect((await ask(hall.app, "GET", "/api/account", { headers })).json()).toMatchObject({ code: "session-ended" });
  expect((await ask(hall.app, "DELETE", "/api/sessions/current", { headers: here })).json()).toMatchObject({
    code: "session-ended",
  });
  expect((await ask(hall.app, "GET", "/api/account", { headers: there })).statusCode).toBe(200);
});

test("what needs a session is refused without one, with an invented one and with a malformed one", async () => {
  await using hall = await createTestApp();
  const needing = [
    ["GET", "/api/account", undefined],
    ["GET", "/api/account/vault", undefined],
    ["PUT", "/api/account/vault", { vault: "AA", replaces: null }],
    ["POST", "/api/account/statements", { statements: ["AA"] }],
    ["POST", "/api/tickets", { purpose: "group", count: 1 }],
    ["DELETE", "/api/sessions/current", undefined],
  ] as const;
  const codeOf = async (index: number, authorization?: string): Promise<string | undefined> => {
    const [method, url, payload] = needing[index] ?? ["GET", "/none", undefined];
    const headers = authorization === undefined ? {} : { authorization };
    const reply = await ask(hall.app, method, url, payload === undefined ? { headers } : { headers, payload });
    return reply.json<{ code?: string }>().code;
  };
  for (const index of needing.keys()) {
    expect(await codeOf(index)).toBe("session-required");
    expect(await codeOf(index, `Group ${toBase64url(randomBytes(32))}`)).toBe("session-required");
    expect(await codeOf(index, `Bearer ${toBase64url(randomBytes(32))}`)).toBe("session-ended");
    expect(await codeOf(index, "Bearer short")).toBe("malformed-request");
  }
});

test("the table of sessions holds no token, and the token's hash is no session", async () => {
  await using hall = await createTestApp();
  const { authorization } = await signIn(hall, await registered(hall));
  const token = Buffer.from(authorization.slice("Bearer ".length), "base64url");
  const rows = await hall.databases.accounts.selectFrom("session").select("hash").execute();
  expect(rows).toHaveLength(1);
  const stolen = Buffer.from(rows[0]?.hash ?? []);
  expect(stolen.equals(token)).toBe(false);
  const headers = { authorization: `Bearer ${stolen.toString("base64url")}` };
  expect((await ask(hall.app, "GET", "/api/account", { headers })).json()).toMatchObject({ code: "session-ended" });
});

test("an account keeps its newest 64 sessions", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const first = await signIn(hall, account);
  for (let count = 1; count < 64; count += 1) {
    hall.advance(1);
    await signIn(hall, account);
  }
  expect((await ask(hall.app, "GET", "/api/account", { headers: first })).statusCode).toBe(200);
  hall.advance(1);
  await signIn(hall, account);
  expect((await ask(hall.app, "GET", "/api/account", { headers: first })).json()).toMatchObject({
    code: "session-ended",
  });
});
