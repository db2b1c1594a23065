import { toBase64Url } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld, type Member } from "../world.ts";
import { needlesOf, type Place, search } from "../world/search.ts";

/** Everything a device sent: addresses, headers and bodies of requests, addresses and frames of sockets. */
function sentBy({ name, between }: Member): readonly Place[] {
  const requests = between.sent.flatMap(({ url, headers, body }, at) => [
    { name: `${name}: request ${at} to ${new URL(url).pathname}`, bytes: Buffer.from(url + JSON.stringify(headers)) },
    { name: `${name}: body ${at}`, bytes: Buffer.from(body ?? []) },
  ]);
  const sockets = between.socketAddresses.map((url) => ({ name: `${name}: socket`, bytes: Buffer.from(url) }));
  const frames = between.frames.map((frame, at) => ({ name: `${name}: frame ${at}`, bytes: Buffer.from(frame) }));
  return [...requests, ...sockets, ...frames];
}

test("attack 25: nothing a maker, a guest or a facilitator sends holds what stands after # in an invite link", async () => {
  await using world = await createWorld({ people: ["ana"] });
  const { ana } = world;
  const group = await ana.foundGroup("Waste services", {});
  const links = {
    approval: await ana.link(group.groupId, { uses: 3 }),
    instant: await ana.link(group.groupId, { mode: "instant", uses: 3 }),
  };
  const [asks, walks] = [world.stranger("asks"), world.stranger("walks")];
  for (const [guest, link] of [
    [asks, links.approval],
    [walks, links.instant],
  ] as const) {
    await guest.hall.invites.preview(link);
    await guest.register(link);
    await guest.join(link);
  }
  const [asked] = await ana.until(
    () => ana.hall.invites.requests(group.groupId),
    ({ length }) => length > 0,
  );
  await ana.hall.invites.approve(group.groupId, asked?.requestId ?? "");
  await asks.whenIn(group.groupId);
  await walks.whenIn(group.groupId);
  const [invite] = await ana.hall.invites.list(group.groupId);
  await ana.hall.invites.end(group.groupId, invite?.inviteId ?? "");
  await world.settle();

  const sent = [ana, asks, walks].flatMap(sentBy);
  expect(sent.length).toBeGreaterThan(150);
  for (const [what, link] of Object.entries(links)) {
    const fragment = link.split("#")[1] ?? "";
    const secret = Buffer.from(fragment, "base64url").subarray(33);
    expect(secret).toHaveLength(16);
    expect(search(sent, [...needlesOf(`${what} secret`, secret), ...needlesOf(`${what} link`, fragment)])).toEqual([]);
    expect(search(sent, needlesOf(`end of the ${what} link`, fragment.slice(-20)))).toEqual([]);
  }
  // What may be known is found by the same search: the group's id, in addresses and in frames.
  const groupId = Buffer.from(group.groupId, "hex");
  const known = search(sent, needlesOf("group", groupId));
  expect(known.some((line) => line.includes("request"))).toBe(true);
  expect(known.some((line) => line.includes("frame"))).toBe(true);
  expect(world.hall.app.logged()).not.toContain(toBase64Url(groupId));
});
