import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { formsOf, keptByBrowser, textsIn } from "./kept-by-browser.ts";
import type { Person } from "./person.ts";
import { keptPaths, shellKept } from "./shell-kept.ts";
import { acceptInvite, button, checkWords, foundGroup, invite, setUp } from "./steps.ts";

test("attack 25: what stands after # in an invite link leaves the browser in no request, and stays nowhere in it", async () => {
  await inHall("secret-part-of-links", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    expect(ana.page.url()).not.toContain("#");
    await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "approval");
    const secretPart = inviteLink.split("#")[1] ?? "";
    const bytes = Buffer.from(secretPart, "base64url");
    // Version (1), group id (32), secret (16).
    expect(bytes).toHaveLength(49);

    const guest = await hall.person();
    await guest.page.goto(inviteLink);
    await button(guest, "Accept the invite").waitFor();
    expect(guest.page.url()).toBe(`${hall.origin}/join`);
    await expectNotKept(guest, secretPart);
    await guest.page.reload();
    await guest.page.getByRole("heading", { name: "Please open the link once more" }).waitFor();
    await shellKept(guest);
    await acceptInvite(guest, inviteLink, { name: "Bongani Nkosi", union: "", passphrase: null, note: "hello" });
    await checkWords(guest);
    await expectNotKept(guest, secretPart);
    await guest.page.goBack();
    expect(guest.page.url()).not.toContain("#");
    await guest.go("/");
    await checkWords(guest);

    for (const person of [ana, guest]) expectNotSent(person, [Buffer.from(secretPart), bytes.subarray(33), bytes]);
  });
});

/** Neither the link nor its secret, in any request's address, headers or body, nor through a websocket. */
function expectNotSent({ line }: Person, secrets: readonly Buffer[]): void {
  expect(line.tunnels.length).toBeGreaterThan(0);
  const heaps: Buffer[] = line.sent.map(({ url, headers, body }) =>
    Buffer.concat([Buffer.from(`${url}\n${JSON.stringify(headers)}\n`), body]),
  );
  heaps.push(...line.tunnels.map((tunnel) => tunnel.said()));
  const control = Buffer.from("/api/challenges");
  const found = [control, ...secrets].filter((secret) =>
    formsOf(secret).some((form) => heaps.some((heap) => heap.includes(form))),
  );
  expect(found).toEqual([control]);
  const serviceWorkers = line.sent.filter(({ headers }) => headers["service-worker"] !== undefined);
  expect([...new Set(serviceWorkers.map(({ url }) => new URL(url).pathname))]).toEqual(["/shell-keeper.js"]);
}

async function expectNotKept({ page }: Person, secretPart: string): Promise<void> {
  for (const path of await keptPaths(page)) expect(path).toMatch(/^\/$|^\/assets\/[^?#]+$|^\/favicon\.svg$/);
  const heaps = await keptByBrowser(page);
  expect(textsIn(heaps, [secretPart, `${new URL(page.url()).origin}/join`])).toEqual(
    page.url().endsWith("/join") ? [`${new URL(page.url()).origin}/join`] : [],
  );
}
