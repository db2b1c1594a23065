import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { type Person, phone } from "./person.ts";
import { acceptInvite, beginTopic, button, foundGroup, heading, invite, link, posts, setUp, write } from "./steps.ts";

const passphrase = "copper kettle orbit meadow";
const offline = "Offline. What is here stays readable.";

test("a device that is opened without a way to the hall says so, and hears of everything when there is one", async () => {
  await inHall("no-network-at-first", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "instant");
    await link(ana, "Topics").click();
    const topicId = await beginTopic(ana, groupId, "Night shifts", "Who has figures?");
    const bongani = await hall.person({ size: phone });
    await acceptInvite(bongani, inviteLink, { name: "Bongani Nkosi", union: "", passphrase });
    await bongani.page.waitForURL(`${hall.origin}/g/${groupId}`);

    // Once the browser knows of it, once it takes the network for there.
    for (const [round, lose] of [
      ["cable", () => Promise.resolve(bongani.loseTheHall())],
      ["flight", async () => await bongani.goOffline()],
    ] as const) {
      await bongani.go(`/g/${groupId}/t/${topicId}`);
      await heading(bongani, "This device is locked").waitFor();
      // Every screen's program is fetched while there is nothing to do.
      await bongani.page.waitForLoadState("networkidle");
      const before = bongani.line.tunnels.length;
      await lose();
      await open(bongani);
      await bongani.page.getByText(bongani.say(offline)).waitFor();
      await posts(bongani, "Who has figures?").waitFor();
      await write(bongani, `Written without a way, ${round}.`);
      await posts(bongani, `Written without a way, ${round}.`)
        .getByText(bongani.say("Kept here, sent when the network is back"))
        .waitFor();
      await write(ana, `Said meanwhile, ${round}.`);
      expect(bongani.line.tunnels.length).toBe(before);
      await bongani.goOnline();
      await posts(bongani, `Said meanwhile, ${round}.`).waitFor();
      await posts(ana, `Written without a way, ${round}.`).waitFor();
      await expect.poll(() => bongani.page.getByText(bongani.say(offline)).count()).toBe(0);
    }
  });
});

async function open(person: Person): Promise<void> {
  await person.page.getByLabel(person.say("Passphrase"), { exact: true }).fill(passphrase);
  await button(person, "Open").click();
}
