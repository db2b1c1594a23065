import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import {
  ask,
  factOfDevice,
  factOfRevocation,
  newKey,
  newTestAccount,
  registered,
  registrationText,
  signIn,
  signInBody,
  statementText,
} from "../testing/test-account.ts";

const secret = (): string => toBase64url(randomBytes(32));

async function register(hall: TestApp, payload: object): Promise<{ status: number; code: string | undefined }> {
  const reply = await ask(hall.app, "POST", "/api/accounts", { payload });
  return { status: reply.statusCode, code: reply.json<{ code?: string }>().code };
}

test("the setup secret makes one account, the operator's, and no second one", async () => {
  await using hall = await createTestApp();
  const admission = await hall.admission();
  expect((await ask(hall.app, "GET", "/api/hall")).json()).toMatchObject({ setupOpen: true });
  const first = newTestAccount();
  expect(await register(hall, { registration: registrationText(first, hall.origin), admission })).toMatchObject({
    status: 201,
  });
  expect((await ask(hall.app, "GET", "/api/hall")).json()).toMatchObject({ setupOpen: false });
  const account = await ask(hall.app, "GET", "/api/account", { headers: await signIn(hall, first) });
  expect(account.json()).toMatchObject({ accountId: first.id, operator: true });
  const second = registrationText(newTestAccount(), hall.origin);
  expect(await register(hall, { registration: second, admission })).toEqual({ status: 403, code: "setup-refused" });
});

test("of two people who use one setup secret at once one gets in", async () => {
  await using hall = await createTestApp();
  const admission = await hall.admission();
  const tries = [newTestAccount(), newTestAccount()].map((account) => ({
    registration: registrationText(account, hall.origin),
    admission,
  }));
  const replies = await Promise.all(tries.map(async (payload) => await register(hall, payload)));
  expect(replies.map(({ status }) => String(status)).toSorted()).toEqual(["201", "403"]);
});

test("a newer setup secret replaces the one before", async () => {
  await using hall = await createTestApp();
  const older = await hall.admission();
  const newer = await hall.admission();
  const registration = registrationText(newTestAccount(), hall.origin);
  expect(await register(hall, { registration, admission: older })).toEqual({ status: 403, code: "setup-refused" });
  expect(await register(hall, { registration, admission: newer })).toMatchObject({ status: 201 });
});

test("a ticket makes one account, and the same registration again costs nothing", async () => {
  await using hall = await createTestApp();
  await registered(hall);
  const admission = await hall.admission();
  const payload = { registration: registrationText(newTestAccount(), hall.origin), admission };
  expect(await register(hall, payload)).toMatchObject({ status: 201 });
  expect(await register(hall, payload)).toMatchObject({ status: 200 });
  const other = { registration: registrationText(newTestAccount(), hall.origin), admission };
  expect(await register(hall, other)).toEqual({ status: 403, code: "ticket-refused" });
  expect(await register(hall, { ...other, admission: { kind: "ticket", ticket: secret() } })).toEqual({
    status: 403,
    code: "ticket-refused",
  });
});

test("two equal registrations at once make one account and spend one ticket", async () => {
  await using hall = await createTestApp();
  await registered(hall);
  const payload = { registration: registrationText(newTestAccount(), hall.origin), admission: await hall.admission() };
  const replies = await Promise.all([1, 2, 3].map(async () => await register(hall, payload)));
  expect(replies.map(({ status }) => String(status)).toSorted()).toEqual(["200", "200", "201"]);
});

test("an identity that is there cannot be registered again with another device", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const registration = registrationText({ ...account, device: newKey() }, hall.origin);
  expect(await register(hall, { registration, admission: await hall.admission() })).toEqual({
    status: 409,
    code: "account-exists",
  });
});

test("a registration that is refused spends nothing", async () => {
  await using hall = await createTestApp();
  await registered(hall);
  const admission = await hall.admission();
  const account = newTestAccount();
  const elsewhere = registrationText(account, "https://elsewhere.example");
  expect(await register(hall, { registration: elsewhere, admission })).toEqual({
    status: 403,
    code: "signature-refused",
  });
  const forged = Buffer.from(registrationText(account, hall.origin), "base64url");
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  expect(await register(hall, { registration: toBase64url(forged), admission })).toEqual({
    status: 403,
    code: "signature-refused",
  });
  expect(await register(hall, { registration: toBase64url(randomBytes(300)), admission })).toEqual({
    status: 400,
    code: "malformed-request",
  });
  expect(await register(hall, { registration: registrationText(account, hall.origin), admission })).toMatchObject({
    status: 201,
  });
});

test("a device that the identity key certifies can sign in, and one that it revoked is out at once", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const phone = newKey();
  const headers = await signIn(hall, account);
  const { identity } = account.keys;
  const added = await ask(hall.app, "POST", "/api/account/statements", {
    headers,
    payload: { statements: [statementText(identity, factOfDevice(phone))] },
  });
  expect(added.json<{ devices: unknown[] }>().devices).toHaveLength(2);
  const onPhone = await signIn(hall, account, phone);
  await ask(hall.app, "POST", "/api/account/statements", {
    headers,
    payload: { statements: [statementText(identity, factOfRevocation(phone))] },
  });
  const after = await ask(hall.app, "GET", "/api/account", { headers: onPhone });
  expect(after.json()).toMatchObject({ status: 401, code: "session-ended" });
  const again = await ask(hall.app, "POST", "/api/sessions", { payload: await signInBody(hall, account, phone) });
  expect(again.json()).toMatchObject({ status: 403, code: "key-refused" });
  expect((await ask(hall.app, "GET", "/api/account", { headers })).statusCode).toBe(200);
});

test("a revoked device stays revoked, whatever statement comes after", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const [phone, headers] = [newKey(), await signIn(hall, account)];
  const { identity } = account.keys;
  const statements = [factOfRevocation(phone), factOfDevice(phone)].map((fact) => statementText(identity, fact));
  const reply = await ask(hall.app, "POST", "/api/account/statements", { headers, payload: { statements } });
  expect(reply.json<{ devices: object[] }>().devices).toContainEqual({
    signingKey: toBase64url(phone.publicKey),
    revoked: true,
  });
});

test("only the account's own identity key changes its devices: neither a device's, nor another account's", async () => {
  await using hall = await createTestApp();
  const [ana, chidi] = [await registered(hall), await registered(hall)];
  const headers = await signIn(hall, ana);
  for (const key of [ana.device, ana.keys.signIn, chidi.keys.identity]) {
    const good = statementText(ana.keys.identity, factOfDevice(newKey()));
    const statements = [good, statementText(key, factOfDevice(newKey()))];
    const reply = await ask(hall.app, "POST", "/api/account/statements", { headers, payload: { statements } });
    expect(reply.json()).toMatchObject({ status: 403, code: "statement-refused" });
  }
  const { devices } = (await ask(hall.app, "GET", "/api/account", { headers })).json<{ devices: unknown[] }>();
  expect(devices).toHaveLength(1);
});

test("an account takes as many device keys as the limit says, and not one more", async () => {
  await using hall = await createTestApp();
  const account = await registered(hall);
  const headers = await signIn(hall, account);
  const more = (count: number): string[] =>
    Array.from({ length: count }, () => statementText(account.keys.identity, factOfDevice(newKey())));
  const add = async (count: number): Promise<string | number> => {
    const reply = await ask(hall.app, "POST", "/api/account/statements", {
      headers,
      payload: { statements: more(count) },
    });
    return reply.json<{ code?: string }>().code ?? reply.json<{ devices: unknown[] }>().devices.length;
  };
  expect(await add(limits.deviceKeysPerAccount - 2)).toBe(limits.deviceKeysPerAccount - 1);
  expect(await add(2)).toBe("too-many-devices");
  expect(await add(1)).toBe(limits.deviceKeysPerAccount);
  expect(await add(1)).toBe("too-many-devices");
});
