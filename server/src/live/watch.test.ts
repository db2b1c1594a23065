import { encode, mailboxReadStructure, sign, signingKeyPair } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayOf } from "../clock.ts";
import { fromBase64url, toBase64url } from "../contract/base64url.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { bytes } from "../groups/testing/test-group.ts";
import { testNow } from "../testing/test-app.ts";
import { keepTickets } from "../tickets/ticket-store.ts";

let world: GroupWorld;
beforeAll(async () => {
  world = await GroupWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function openMailbox() {
  const [id, writeToken, ticket, key] = [bytes(16), bytes(32), bytes(32), signingKeyPair(bytes(32))];
  const path = `/mailboxes/${toBase64url(id)}`;
  await keepTickets(world.hall.databases.groups, "mailbox", [ticket], dayOf(testNow));
  const body = { ticket, readKey: key.publicKey, writeToken };
  const json = {
    ...Object.fromEntries(Object.entries(body).map(([name, value]) => [name, toBase64url(value)])),
    expiryDay: dayOf(testNow) + 7,
    itemLimit: 10,
    preview: null,
  };
  expect((await world.ask("PUT", path, { json })).status).toBe(201);
  const challenge = await world.challenge();
  const read = { origin: world.origin, mailboxId: id, challenge };
  const signature = toBase64url(sign(encode(mailboxReadStructure, read), key.secretKey));
  const asked = { challenge: toBase64url(challenge), signature };
  const { json: given } = await world.ask("POST", `${path}/tokens`, { json: asked });
  const leave = async () =>
    world.ask("POST", `${path}/items`, {
      json: { sealed: toBase64url(bytes(100)) },
      headers: { authorization: `Mailbox ${toBase64url(writeToken)}` },
    });
  return { id, token: fromBase64url(String(given["token"])) ?? bytes(0), leave };
}

test("who watches a mailbox is told of every item, and of nothing after it stops", async () => {
  const mailbox = await openMailbox();
  const client = await world.connect();
  await client.expect("done", { kind: "watch", mailbox: mailbox.id, token: mailbox.token });
  expect((await mailbox.leave()).status).toBe(201);
  expect((await mailbox.leave()).status).toBe(201);
  await client.until((pushed) => pushed.length === 2);
  expect(client.pushed).toEqual([
    { kind: "mail", mailbox: mailbox.id },
    { kind: "mail", mailbox: mailbox.id },
  ]);
  await client.expect("done", { kind: "unwatch", mailbox: mailbox.id });
  await mailbox.leave();
  await client.expect("done", { kind: "unwatch", mailbox: mailbox.id });
  expect(client.pushed).toHaveLength(2);
});

test("a mailbox is watched with its own token only", async () => {
  const [mailbox, other] = [await openMailbox(), await openMailbox()];
  const client = await world.connect();
  for (const token of [bytes(32), other.token])
    expect(await client.refusal({ kind: "watch", mailbox: mailbox.id, token })).toBe("token-ended");
});
