import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { createTestApp, type TestApp } from "../testing/test-app.ts";
import { ask, registered, signIn } from "../testing/test-account.ts";

interface Put {
  readonly status: number;
  readonly code?: string;
  readonly tag?: string;
}

async function put(hall: TestApp, headers: object, vault: Uint8Array, replaces: string | null): Promise<Put> {
  const reply = await ask(hall.app, "PUT", "/api/account/vault", {
    headers: { ...headers },
    payload: { vault: toBase64url(vault), replaces },
  });
  return { ...reply.json<Omit<Put, "status">>(), status: reply.statusCode };
}

test("a vault comes back as it was put, and an account without one has none", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  expect((await ask(hall.app, "GET", "/api/account/vault", { headers })).json()).toEqual({ vault: null, tag: null });
  const vault = randomBytes(3_000);
  const { tag } = await put(hall, headers, vault, null);
  expect((await ask(hall.app, "GET", "/api/account/vault", { headers })).json()).toEqual({
    vault: toBase64url(vault),
    tag,
  });
});

test("of two devices that replace the same vault at once one is told that it changed, and the tag that is there", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const { tag = "" } = await put(hall, headers, randomBytes(300), null);
  const both = await Promise.all([1, 2].map(async () => await put(hall, headers, randomBytes(300), tag)));
  const [won, lost] = both.toSorted((a, b) => a.status - b.status);
  expect(won).toMatchObject({ status: 200 });
  expect(lost).toMatchObject({ status: 409, code: "vault-changed", tag: won?.tag });
  expect(won?.tag).not.toBe(tag);
});

test("who believes that there is no vault yet does not overwrite one", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const { tag } = await put(hall, headers, randomBytes(300), null);
  expect(await put(hall, headers, randomBytes(300), null)).toMatchObject({ status: 409, tag });
  expect(await put(hall, headers, randomBytes(300), toBase64url(randomBytes(16)))).toMatchObject({ status: 409, tag });
});

test("the same vault again answers with its tag, since an answer may have been lost", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const vault = randomBytes(300);
  const { tag } = await put(hall, headers, vault, null);
  expect(await put(hall, headers, vault, null)).toMatchObject({ status: 200, tag });
});

test("nobody reaches another account's vault", async () => {
  await using hall = await createTestApp();
  const ana = await signIn(hall, await registered(hall));
  const chidi = await signIn(hall, await registered(hall));
  await put(hall, ana, randomBytes(300), null);
  expect((await ask(hall.app, "GET", "/api/account/vault", { headers: chidi })).json()).toEqual({
    vault: null,
    tag: null,
  });
});

test("a vault may be as large as the limit, and not one byte larger", async () => {
  await using hall = await createTestApp();
  const headers = await signIn(hall, await registered(hall));
  const { tag = null } = await put(hall, headers, randomBytes(limits.vaultBytes), null);
  expect(tag).not.toBeNull();
  expect((await put(hall, headers, randomBytes(limits.vaultBytes + 1), tag)).status).toBe(413);
  expect(await put(hall, headers, randomBytes(limits.vaultBytes + 10_000), tag)).toMatchObject({
    status: 413,
    code: "body-too-large",
  });
  expect(await put(hall, headers, new Uint8Array(), tag)).toMatchObject({ status: 400, code: "malformed-request" });
});
