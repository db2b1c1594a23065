import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { expectFocused } from "./focus.ts";
import { Looker } from "./looker.ts";
import { type Person, phone } from "./person.ts";
import { beginTopic, button, field, foundGroup, heading, invite, link, posts, setUp } from "./steps.ts";

const passphrase = "copper kettle orbit meadow";
const offline = "This device cannot reach the hall right now.";
const unknown = "f".repeat(64);

test("what is refused or fails is said with what is safe and what to do, and there is always a way on", async () => {
  const looker = new Looker({ language: "en", colours: "light", size: phone });
  await inHall("refused-and-failed", async (hall) => {
    const ana = await hall.person({ size: phone });
    const { look } = looker.of(ana, "failed-");
    const words = await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "approval");
    await link(ana, "Back to the group").click();
    await beginTopic(ana, groupId, "Night shifts", "Who has figures?");

    await ana.go(`/g/${groupId}/t/${"e".repeat(32)}`);
    await unlock(ana, "copper kettle orbit");
    await alert(ana, "That is not the passphrase of this device.");
    await look("passphrase");
    await unlock(ana, passphrase);
    await alert(ana, "This topic is not on this device.");
    await look("topic");
    await link(ana, "Back to the group").click();
    await ana.page.getByRole("link", { name: /Night shifts/ }).click();
    await posts(ana, "Who has figures?").waitFor();
    await ana.go(`/g/${unknown}`);
    await unlock(ana, passphrase);
    await alert(ana, "This device does not know that group.");
    await look("group");
    await link(ana, "To your groups").click();
    await heading(ana, "Your groups").waitFor();
    const devtools = await ana.context.newCDPSession(ana.page);
    await devtools.send("Storage.clearDataForOrigin", { origin: hall.origin, storageTypes: "indexeddb" });
    await ana.go(`/g/${groupId}`);
    await ana.page.getByText("The browser has thrown away what this device kept.").waitFor();
    await look("evicted");
    await field(ana, "Your 12 words").fill(words.join(" "));
    await button(ana, "Continue").click();
    await ana.page.getByRole("radio", { name: "No lock" }).check();
    await button(ana, "Bring my account back").click();
    // And goes on where the page had been.
    await ana.page.getByRole("link", { name: /Night shifts/ }).click();
    await posts(ana, "Who has figures?").waitFor();

    const guest = await hall.person({ size: phone });
    const { look: lookGuest } = looker.of(guest, "failed-");
    await guest.page.goto(hall.setupLink);
    await heading(guest, "A new hall").waitFor();
    await button(guest, "Begin").click();
    await field(guest, "Your name").fill("Late");
    await button(guest, "Continue").click();
    await guest.page.getByRole("radio", { name: "No lock" }).check();
    await button(guest, "Make my account").click();
    await alert(guest, "This setup link has already been used.");
    await lookGuest("setup");

    await guest.go("/recover");
    await field(guest, "Your 12 words").fill("abandon ".repeat(11) + "zebra");
    await button(guest, "Continue").click();
    await alert(guest, "These are not 12 words that belong together.");
    await field(guest, "Your 12 words").fill("abandon ".repeat(11) + "grieff");
    expect(await guest.page.getByRole("alert").count()).toBe(0);
    await button(guest, "Continue").click();
    await alert(guest, "Word 12, “grieff”, is in no list");
    await expectFocused(field(guest, "Your 12 words"));
    await lookGuest("recover");

    await guest.go("/");
    await heading(guest, "Been here before?").waitFor();
    await guest.page.waitForLoadState("networkidle");
    guest.loseTheHall();
    await field(guest, "Your invite link").fill(inviteLink);
    await button(guest, "Look at it").click();
    await alert(guest, offline);
    await lookGuest("preview");
    await guest.goOnline();
    await button(guest, "Try again").click();
    await button(guest, "Accept the invite").waitFor();
    // Only what stands after # changes: what was shown of the link before must not stand beside this one.
    await guest.page.goto(inviteLink.replace(/#.*/, "#AXNbw"));
    await alert(guest, "This link is not complete.");
    expect(await button(guest, "Accept the invite").count()).toBe(0);
    expect(await button(guest, "Try again").count()).toBe(0);
    await lookGuest("link");
    await field(guest, "The whole link").fill(inviteLink);
    await button(guest, "Look at it").click();
    await button(guest, "Accept the invite").waitFor();
  });
  expect(looker.wrong).toEqual([]);
});

async function unlock(person: Person, words: string): Promise<void> {
  await person.page.getByLabel(person.say("Passphrase"), { exact: true }).fill(words);
  await button(person, "Open").click();
}

async function alert({ page }: Person, words: string): Promise<void> {
  await page.getByRole("alert").filter({ hasText: words }).waitFor();
}
