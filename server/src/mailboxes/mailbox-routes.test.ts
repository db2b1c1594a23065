import { randomBytes } from "node:crypto";
import { encode, mailboxReadStructure, sign, type SigningKeyPair } from "@unionhall/crypto";
import type { LightMyRequestResponse } from "fastify";
import { expect, test } from "vitest";
import { dayOf } from "../clock.ts";
import { toBase64url } from "../contract/base64url.ts";
import { limits } from "../contract/limits.ts";
import { sweep } from "../sweeper.ts";
import { createTestApp, testNow, type TestApp } from "../testing/test-app.ts";
import { ask, challengeOf, newKey, registered, signIn } from "../testing/test-account.ts";
import { keepTickets } from "../tickets/ticket-store.ts";

const today = dayOf(testNow);

interface Mailbox {
  readonly id: string;
  readonly url: string;
  readonly readKey: SigningKeyPair;
  readonly body: {
    readonly ticket: string;
    readonly readKey: string;
    readonly writeToken: string;
    readonly expiryDay: number;
    readonly itemLimit: number;
    readonly preview: string | null;
  };
}

async function newMailbox({ databases }: TestApp, changes: Partial<Mailbox["body"]> = {}): Promise<Mailbox> {
  const [ticket, readKey, id] = [randomBytes(32), newKey(), toBase64url(randomBytes(16))];
  await keepTickets(databases.groups, "mailbox", [ticket], today);
  const body = {
    ticket: toBase64url(ticket),
    readKey: toBase64url(readKey.publicKey),
    writeToken: toBase64url(randomBytes(32)),
    expiryDay: today + 7,
    itemLimit: 10,
    preview: toBase64url(randomBytes(700)),
    ...changes,
  };
  return { id, url: `/api/mailboxes/${id}`, readKey, body };
}

async function create({ app }: TestApp, { url, body }: Mailbox): Promise<LightMyRequestResponse> {
  return await ask(app, "PUT", url, { payload: body });
}

async function made(hall: TestApp, changes: Partial<Mailbox["body"]> = {}): Promise<Mailbox> {
  const mailbox = await newMailbox(hall, changes);
  expect((await create(hall, mailbox)).statusCode).toBe(201);
  return mailbox;
}

async function write(hall: TestApp, { url, body }: Mailbox, sealed: Uint8Array): Promise<LightMyRequestResponse> {
  const headers = { authorization: `Mailbox ${body.writeToken}` };
  return await ask(hall.app, "POST", `${url}/items`, { headers, payload: { sealed: toBase64url(sealed) } });
}

async function tokenReply(hall: TestApp, mailbox: Mailbox, key = mailbox.readKey): Promise<LightMyRequestResponse> {
  const challenge = await challengeOf(hall);
  const read = { origin: hall.origin, mailboxId: Buffer.from(mailbox.id, "base64url"), challenge };
  const signature = toBase64url(sign(encode(mailboxReadStructure, read), key.secretKey));
  const payload = { challenge: toBase64url(challenge), signature };
  return await ask(hall.app, "POST", `${mailbox.url}/tokens`, { payload });
}

async function reader(hall: TestApp, mailbox: Mailbox): Promise<{ authorization: string }> {
  const { token } = (await tokenReply(hall, mailbox)).json<{ token: string }>();
  return { authorization: `Mailbox ${token}` };
}

interface Page {
  readonly items: readonly { readonly seq: number; readonly sealed: string }[];
  readonly more: boolean;
}

test("a guest reads the preview and leaves an item; the reader takes it out", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  const preview = await ask(hall.app, "GET", `${mailbox.url}/preview`);
  expect(preview.json()).toEqual({ preview: mailbox.body.preview });
  const sealed = randomBytes(900);
  expect((await write(hall, mailbox, sealed)).json()).toEqual({ seq: 1 });
  const headers = await reader(hall, mailbox);
  const read = await ask(hall.app, "GET", `${mailbox.url}/items`, { headers });
  expect(read.json()).toEqual({ items: [{ seq: 1, sealed: toBase64url(sealed) }], more: false });
  expect((await ask(hall.app, "DELETE", `${mailbox.url}/items/1`, { headers })).statusCode).toBe(204);
  expect((await ask(hall.app, "DELETE", `${mailbox.url}/items/1`, { headers })).statusCode).toBe(204);
  expect((await ask(hall.app, "GET", `${mailbox.url}/items`, { headers })).json()).toEqual({ items: [], more: false });
});

test("a place in a mailbox is never given again, so that a cursor misses nothing", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  await write(hall, mailbox, randomBytes(10));
  const headers = await reader(hall, mailbox);
  await ask(hall.app, "DELETE", `${mailbox.url}/items/1`, { headers });
  expect((await write(hall, mailbox, randomBytes(10))).json()).toEqual({ seq: 2 });
});

test("a mailbox costs one ticket, and the same request again none", async () => {
  await using hall = await createTestApp();
  const mailbox = await newMailbox(hall);
  expect((await create(hall, mailbox)).statusCode).toBe(201);
  expect((await create(hall, mailbox)).statusCode).toBe(200);
  const second = await newMailbox(hall, { ticket: mailbox.body.ticket });
  expect((await create(hall, second)).json()).toMatchObject({ status: 403, code: "ticket-refused" });
  expect((await ask(hall.app, "GET", `${second.url}/preview`)).json()).toMatchObject({ code: "unknown-mailbox" });
});

test("nobody takes over a mailbox by its id", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  const fresh = await newMailbox(hall);
  const taken = await ask(hall.app, "PUT", mailbox.url, { payload: fresh.body });
  expect(taken.json()).toMatchObject({ status: 409, code: "mailbox-exists" });
  expect((await create(hall, fresh)).statusCode).toBe(201);
});

test("without the write token nothing is left", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  const other = { ...mailbox, body: { ...mailbox.body, writeToken: toBase64url(randomBytes(32)) } };
  expect((await write(hall, other, randomBytes(10))).json()).toMatchObject({
    status: 403,
    code: "write-token-refused",
  });
  const payload = { sealed: toBase64url(randomBytes(10)) };
  const without = await ask(hall.app, "POST", `${mailbox.url}/items`, { payload });
  expect(without.json()).toMatchObject({ status: 401, code: "token-required" });
});

test("the holder of the link can write and cannot read", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  const headers = { authorization: `Mailbox ${mailbox.body.writeToken}` };
  expect((await ask(hall.app, "GET", `${mailbox.url}/items`, { headers })).json()).toMatchObject({
    status: 401,
    code: "token-ended",
  });
  expect((await ask(hall.app, "GET", `${mailbox.url}/items`)).json()).toMatchObject({ code: "token-required" });
  expect((await tokenReply(hall, mailbox, newKey())).json()).toMatchObject({ status: 403, code: "signature-refused" });
});

test("a read token is of one mailbox and lasts ten minutes", async () => {
  await using hall = await createTestApp();
  const [mailbox, other] = [await made(hall), await made(hall)];
  const headers = await reader(hall, mailbox);
  expect((await ask(hall.app, "GET", `${other.url}/items`, { headers })).json()).toMatchObject({ code: "token-ended" });
  expect((await ask(hall.app, "DELETE", other.url, { headers })).json()).toMatchObject({ code: "token-ended" });
  hall.advance(599_000);
  expect((await ask(hall.app, "GET", `${mailbox.url}/items`, { headers })).statusCode).toBe(200);
  hall.advance(1_000);
  expect((await ask(hall.app, "GET", `${mailbox.url}/items`, { headers })).json()).toMatchObject({
    code: "token-ended",
  });
});

test("a mailbox holds as many items as it was made for, the same one counted once", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall, { itemLimit: 3 });
  const items = [1, 2, 3].map(() => randomBytes(20));
  const replies = await Promise.all([...items, ...items].map(async (item) => await write(hall, mailbox, item)));
  expect(replies.map((reply) => reply.statusCode)).toEqual([201, 201, 201, 201, 201, 201]);
  expect(new Set(replies.map((reply) => reply.json<{ seq: number }>().seq)).size).toBe(3);
  expect((await write(hall, mailbox, randomBytes(20))).json()).toMatchObject({ status: 409, code: "mailbox-full" });
  const headers = await reader(hall, mailbox);
  await ask(hall.app, "DELETE", `${mailbox.url}/items/2`, { headers });
  expect((await write(hall, mailbox, randomBytes(20))).statusCode).toBe(201);
});

test("writers who come at once do not overfill a mailbox", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall, { itemLimit: 4 });
  const replies = await Promise.all(
    Array.from({ length: 12 }, async () => await write(hall, mailbox, randomBytes(20))),
  );
  expect(replies.filter(({ statusCode }) => statusCode === 201)).toHaveLength(4);
});

test("items come in pages of 100, none twice and none left out", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall, { itemLimit: 230 });
  for (let count = 0; count < 230; count += 1) await write(hall, mailbox, randomBytes(20));
  const headers = await reader(hall, mailbox);
  const seen: number[] = [];
  const sizes: number[] = [];
  for (let more = true; more;) {
    const reply = await ask(hall.app, "GET", `${mailbox.url}/items?after=${seen.at(-1) ?? 0}`, { headers });
    const page = reply.json<Page>();
    seen.push(...page.items.map(({ seq }) => seq));
    sizes.push(page.items.length);
    ({ more } = page);
  }
  expect(sizes).toEqual([100, 100, 30]);
  expect(seen).toEqual(Array.from({ length: 230 }, (_, index) => index + 1));
});

test("limits of a mailbox: taken at the limit, refused above it", async () => {
  await using hall = await createTestApp();
  const statusOf = async (changes: Partial<Mailbox["body"]>): Promise<number> =>
    (await create(hall, await newMailbox(hall, changes))).statusCode;
  expect(await statusOf({ itemLimit: limits.mailboxItems })).toBe(201);
  expect(await statusOf({ itemLimit: limits.mailboxItems + 1 })).toBe(400);
  expect(await statusOf({ itemLimit: 0 })).toBe(400);
  expect(await statusOf({ expiryDay: today + limits.mailboxDays })).toBe(201);
  expect(await statusOf({ expiryDay: today + limits.mailboxDays + 1 })).toBe(400);
  expect(await statusOf({ expiryDay: today + 1 })).toBe(201);
  expect(await statusOf({ expiryDay: today })).toBe(400);
  expect(await statusOf({ preview: null })).toBe(201);
  expect(await statusOf({ preview: toBase64url(randomBytes(limits.previewBytes)) })).toBe(201);
  expect(await statusOf({ preview: toBase64url(randomBytes(limits.previewBytes + 1)) })).toBe(413);
  expect(await statusOf({ preview: toBase64url(randomBytes(limits.previewBytes + 5_000)) })).toBe(413);
});

test("limits of an item: taken at the limit, refused above it", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  expect((await write(hall, mailbox, randomBytes(limits.mailboxItemBytes))).statusCode).toBe(201);
  expect((await write(hall, mailbox, randomBytes(limits.mailboxItemBytes + 1))).statusCode).toBe(413);
  expect((await write(hall, mailbox, randomBytes(limits.mailboxItemBytes + 5_000))).json()).toMatchObject({
    status: 413,
    code: "body-too-large",
  });
  expect((await write(hall, mailbox, new Uint8Array())).json()).toMatchObject({
    status: 400,
    code: "malformed-request",
  });
});

test("a mailbox is gone from its day on, with everything in it, and the sweep forgets it", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall, { expiryDay: today + 1 });
  await write(hall, mailbox, randomBytes(20));
  hall.advance(12 * 3_600_000 - 1);
  expect((await ask(hall.app, "GET", `${mailbox.url}/preview`)).statusCode).toBe(200);
  hall.advance(1);
  expect((await ask(hall.app, "GET", `${mailbox.url}/preview`)).json()).toMatchObject({ code: "unknown-mailbox" });
  expect((await write(hall, mailbox, randomBytes(20))).json()).toMatchObject({ code: "unknown-mailbox" });
  expect((await tokenReply(hall, mailbox)).json()).toMatchObject({ code: "unknown-mailbox" });
  await sweep(hall.databases, () => testNow + 12 * 3_600_000);
  expect(await hall.databases.groups.selectFrom("mailbox").select("id").execute()).toEqual([]);
  expect(await hall.databases.groups.selectFrom("mailbox_item").select("seq").execute()).toEqual([]);
});

test("whoever reads a mailbox can end it", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  const headers = await reader(hall, mailbox);
  expect((await ask(hall.app, "DELETE", mailbox.url, { headers })).statusCode).toBe(204);
  expect((await write(hall, mailbox, randomBytes(20))).json()).toMatchObject({ code: "unknown-mailbox" });
  expect((await ask(hall.app, "GET", `${mailbox.url}/items`, { headers })).json()).toMatchObject({
    code: "unknown-mailbox",
  });
});

test("a session in a request about a mailbox is refused before anything else", async () => {
  await using hall = await createTestApp();
  const mailbox = await made(hall);
  const headers = await signIn(hall, await registered(hall));
  const requests = [
    ["PUT", ""],
    ["GET", "/preview"],
    ["GET", "/items"],
    ["POST", "/items"],
    ["POST", "/tokens"],
    ["DELETE", "/items/1"],
    ["DELETE", ""],
  ] as const;
  for (const [method, path] of requests) {
    const reply = await ask(hall.app, method, mailbox.url + path, { headers });
    expect(reply.json()).toMatchObject({ status: 400, code: "session-unwelcome" });
  }
  const lower = await ask(hall.app, "GET", `${mailbox.url}/preview`, { headers: { authorization: "bearer x" } });
  expect(lower.json()).toMatchObject({ code: "session-unwelcome" });
});
