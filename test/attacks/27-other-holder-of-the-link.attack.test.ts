import {
  boxKeyPair,
  encode,
  linkKeys,
  openDeskKeys,
  openPreview,
  openRequest,
  parseLink,
  seal,
  signingKeyPair,
  structure,
  bytes,
  toBase64Url,
  toHex,
  type Preview,
} from "@unionhall/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HallError } from "../../client/src/core/problems.ts";
import { DeskServer } from "../../client/src/core/invites/desk-server.ts";
import { previewStructure, sealPreview } from "../../crypto/src/invites/preview.ts";
import { pad } from "../../crypto/src/primitives/padding.ts";
import { createWorld, type Founded, type Member } from "../world.ts";
import { LookAlike } from "../world/look-alike.ts";
import { junk } from "../world/own-program.ts";
import { needlesOf, search } from "../world/search.ts";

let world: Awaited<ReturnType<typeof createWorld<"ana" | "mole">>>;
let group: Founded;
let links: { readonly approval: string; readonly instant: string };

beforeAll(async () => {
  world = await createWorld({ people: ["ana", "mole"] });
  const { ana, mole } = world;
  group = await ana.foundGroup("Waste services", { admits: [mole] });
  links = {
    approval: await ana.link(group.groupId, { uses: 10 }),
    instant: await ana.link(group.groupId, { mode: "instant", uses: 10 }),
  };
  await world.settle();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** What whoever holds a link derives and reads from it. */
async function heldBy(member: Member, link: string) {
  const parsed = parseLink(link);
  if (parsed.kind !== "invite") throw new TypeError("an invite link");
  const { groupId, secret } = parsed;
  const keys = linkKeys(groupId, secret);
  const desk = new DeskServer(keys.deskId, (await member.parts()).api, member.origin);
  const sealed = (await desk.preview()) ?? new Uint8Array();
  const opened = openPreview(sealed, groupId, secret);
  if (opened.kind !== "opened") throw new TypeError("the preview is there");
  return { groupId, keys, desk, sealed, preview: opened.preview };
}

const header = structure("preview-header", 64, { groupId: bytes(32) });

/** Sealed by a holder of the link with the link's own key, as good as the true one in all but what it says. */
function resealed(preview: Preview, previewKey: Uint8Array): Uint8Array {
  const content = encode(previewStructure, preview);
  return seal(pad(content), encode(header, { groupId: preview.groupId }), previewKey, junk(24));
}

/** The hall shows this guest another preview. */
function shows(guest: Member, preview: Uint8Array): void {
  const body = new TextEncoder().encode(JSON.stringify({ preview: toBase64Url(preview) }));
  const headers = { "content-type": "application/json" };
  guest.between.lies = {
    answer: ({ url }) => (url.endsWith("/preview") ? { status: 200, headers, body } : null),
  };
}

const requestsLeftBy = ({ between }: Member): number =>
  between.sent.filter(({ method, url }) => method === "POST" && /\/mailboxes\/[^/]+\/items$/.test(url)).length;

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    if (error instanceof HallError) return error.problem;
    throw error;
  }
}

test("attack 27: a preview put in place of the true one, also sealed with the link's own key, is refused, and nothing is asked", async () => {
  const { mole } = world;
  const { keys, preview, sealed } = await heldBy(mole, links.approval);
  const own = { deskBoxKey: boxKeyPair(junk(32)).publicKey, deskReadKey: signingKeyPair(junk(32)).publicKey };
  const other = await heldBy(mole, links.instant);
  const swapped: readonly (readonly [string, Uint8Array])[] = [
    ["another desk", resealed({ ...preview, ...own }, keys.previewKey)],
    ["another name", resealed({ ...preview, groupName: "Waste services, really" }, keys.previewKey)],
    ["another inviter", resealed({ ...preview, inviter: junk(32), inviterName: "bongani" }, keys.previewKey)],
    ["another history rule", resealed({ ...preview, rules: { history: "all", retentionDays: 1 } }, keys.previewKey)],
    ["another link's preview", other.sealed],
    ["one of a link of the same group made by nobody", sealPreview({ ...preview, random: junk(32) })],
    ["one cut short", sealed.subarray(0, -1)],
    ["junk", junk(600)],
  ];
  const guest = await world.person("Ben");
  for (const [what, bytesShown] of swapped) {
    shows(guest, bytesShown);
    const problems = [
      await problemOf(guest.hall.invites.preview(links.approval)),
      await problemOf(guest.join(links.approval)),
    ];
    expect([what, ...problems]).toEqual([what, "invite-forged", "invite-forged"]);
  }
  expect(requestsLeftBy(guest)).toBe(0);
  expect(await guest.hall.invites.joining()).toEqual([]);
  // The true one, shown in the same way, is taken.
  shows(guest, sealed);
  expect(await guest.join(links.approval)).toMatchObject({ kind: "waiting", groupName: "Waste services" });
  expect(requestsLeftBy(guest)).toBe(1);
});

test("attack 27: with everything the desk holds, the link, and a member's keys, another guest's request stays closed", async () => {
  const { ana, mole } = world;
  const { groupId, keys, preview, desk } = await heldBy(mole, links.approval);
  const carla = await world.person("Carla Canary");
  await carla.join(links.approval, "a note with a canary");
  const rows = await world.hall.app.databases.groups
    .selectFrom("mailbox_item")
    .where("mailbox_id", "=", Buffer.from(keys.deskId))
    .select("sealed")
    .execute();
  const items = rows.map(({ sealed }) => new Uint8Array(sealed));
  expect(items.length).toBeGreaterThan(0);
  const { account, clock } = await mole.parts();
  const held = [keys.boxKey, ...account.boxKeys().map(({ box }) => box)];
  const place = { groupId, inviteId: keys.inviteId };
  const opened = items.flatMap((item) =>
    held.map((key) => openRequest(item, key, place, keys.requestKey.publicKey).kind),
  );
  expect(new Set(opened)).toEqual(new Set(["refused"]));
  const needles = ["Carla Canary", "a note with a canary"].flatMap((text) => needlesOf("what a guest says", text));
  expect(
    search(
      items.map((item) => ({ name: "item", bytes: Buffer.from(item) })),
      needles,
    ),
  ).toEqual([]);
  // The desk's own keys lie in the chain, boxed to facilitators; the desk gives what it holds to nobody else.
  const { state } = await mole.group(group.groupId);
  const invite = state.invites.get(toHex(keys.inviteId));
  if (invite === undefined) throw new TypeError("the chain has the invite");
  expect(openDeskKeys(invite.desk, place, account.identityKey, held)).toBeNull();
  const facilitator = (await ana.parts()).account.identityKey;
  expect(openDeskKeys(invite.desk, place, facilitator, held)).toBeNull();
  for (const key of [keys.requestKey, account.device.signing]) expect(await desk.token(key, clock.now())).toBeNull();
  for (const token of [keys.deskWriteToken, junk(32)]) expect(await desk.items(token, 0)).toBeNull();
  // Who may, does.
  const requests = await ana.until(
    () => ana.hall.invites.requests(group.groupId),
    (all) => all.some(({ note }) => note === "a note with a canary"),
  );
  expect(requests.map(({ name }) => name)).toContain("Carla Canary");
  expect(toHex(preview.deskBoxKey)).toBe(toHex(invite.desk.boxKey));
});

test("attack 27: a group made to look like the one behind an instant link lets nobody in, and hears nothing of the guest", async () => {
  const { mole } = world;
  const { preview } = await heldBy(mole, links.instant);
  const guest = await world.person("Dolores");
  const lookAlike = new LookAlike(links.instant, preview);
  const subscribed = Promise.withResolvers<string>();
  guest.between.lies = {
    answer: lookAlike.answer,
    toServer: (frame) => {
      const isThere = "group" in frame && toHex(frame.group) === group.groupId;
      if (isThere && frame.kind === "subscribe") subscribed.resolve("came in");
      return isThere ? [] : [frame];
    },
  };
  expect(await Promise.race([problemOf(guest.join(links.instant)), subscribed.promise])).toBe("invite-ended");
  // It went as far as the chain: the box had opened, and the token was given.
  expect(lookAlike.asked).toEqual(expect.arrayContaining(["/boxes/find", "/tokens", "/log"]));
  expect(await guest.hall.groups.list()).toEqual([]);
  expect(await guest.hall.invites.joining()).toEqual([]);
  // With an honest hall the same link leads where it was made for.
  guest.between.lies = {};
  expect(await guest.join(links.instant)).toMatchObject({ kind: "member", groupId: group.groupId });
});
