import { fromBase64Url, inviteLinkText, setupLinkText, toBase64Url } from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HttpResponse } from "../platform.ts";
import { InviteWorld } from "./testing/invite-world.ts";

let world: InviteWorld;
beforeAll(async () => {
  world = await InviteWorld.create();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

test("what is no link of this hall is refused for what it is, before the hall is asked", async () => {
  const guest = world.stranger("Guest");
  const { origin } = world;
  const good = inviteLinkText({ origin, groupId: bytes(32), secret: bytes(16) });
  const malformed = [
    "",
    "hello",
    `${origin}/join`,
    good.slice(0, -1),
    `${good}AA`,
    good.replace("/join", "/about"),
    setupLinkText({ origin, secret: bytes(16) }),
    good.replace("http://127.0.0.1", "http://hall.example"),
  ];
  for (const link of malformed)
    await expect(guest.hall.invites.preview(link)).rejects.toMatchObject({ problem: "link-malformed" });
  const elsewhere = inviteLinkText({ origin: "https://other.example", groupId: bytes(32), secret: bytes(16) });
  await expect(guest.hall.invites.preview(elsewhere)).rejects.toMatchObject({ problem: "link-other-hall" });
  expect(guest.sent).toEqual([]);
  await expect(guest.hall.invites.preview(good)).rejects.toMatchObject({ problem: "invite-unknown" });
});

test("what stands after # never leaves the device", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const guest = world.stranger("Guest");
  await guest.hall.invites.preview(link);
  await guest.register(link);
  await guest.join(link);
  const secret = link.split("#")[1] ?? "";
  const raw = Buffer.from(fromBase64Url(secret)).subarray(33);
  expect(guest.sent.length).toBeGreaterThan(5);
  for (const { url, headers, body } of guest.sent) {
    expect(url + JSON.stringify(headers)).not.toContain(secret.slice(-20));
    const sent = Buffer.from(body ?? []);
    for (const form of [
      raw,
      Buffer.from(raw.toString("hex")),
      Buffer.from(toBase64Url(raw)),
      Buffer.from(secret.slice(-20)),
    ])
      expect(sent.includes(form)).toBe(false);
  }
});

test("a preview that the hall alters, empties or takes from another invite is refused", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId);
  const other = await ana.link(groupId);
  const guest = world.stranger("Guest");
  let kept: HttpResponse | null = null;
  guest.altered = ({ url }, response) => {
    if (url.endsWith("/preview")) kept = response;
    return response;
  };
  await guest.hall.invites.preview(other);
  const altered = (change: (preview: Uint8Array) => Uint8Array) => (response: HttpResponse) => {
    const [, preview = ""] = /"preview":"([^"]*)"/.exec(Buffer.from(response.body).toString()) ?? [];
    const body = Buffer.from(JSON.stringify({ preview: toBase64Url(change(fromBase64Url(preview))) }));
    return { ...response, body };
  };
  const changes: readonly ((response: HttpResponse) => HttpResponse)[] = [
    (response) => kept ?? response,
    altered((preview) => preview.with(0, (preview[0] ?? 0) ^ 1)),
    altered((preview) => preview.with(preview.length - 1, (preview.at(-1) ?? 0) ^ 128)),
    altered((preview) => preview.subarray(0, -30)),
    altered(() => new Uint8Array()),
  ];
  for (const change of changes) {
    guest.altered = ({ url }, response) => (url.endsWith("/preview") ? change(response) : response);
    await expect(guest.hall.invites.preview(link)).rejects.toMatchObject({ problem: "invite-forged" });
    await expect(guest.register(link)).rejects.toMatchObject({ problem: "invite-forged" });
  }
  guest.altered = (_, response) => response;
  expect(await guest.hall.invites.preview(link)).toMatchObject({ groupId });
});

test("after its expiry an invite shows nothing but that, and offline nothing is known", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { expiresInDays: 1 });
  const guest = world.stranger("Guest");
  guest.goOffline();
  await expect(guest.hall.invites.preview(link)).rejects.toMatchObject({ problem: "offline" });
  guest.goOnline();
  guest.ahead = 86_400_000;
  await expect(guest.hall.invites.preview(link)).rejects.toMatchObject({ problem: "invite-expired" });
  guest.ahead = 0;
  expect(await guest.hall.invites.preview(link)).toMatchObject({ groupId });
});

test("an invite registers as many as it has uses, and no more", async () => {
  const { person: ana, groupId } = await world.founder("Ana");
  const link = await ana.link(groupId, { uses: 2 });
  const guests = ["Ben", "Chi", "Dee"].map((name) => world.stranger(name));
  const outcomes = await Promise.allSettled(guests.map((guest) => guest.register(link)));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { problem: "invite-spent" } });
});
