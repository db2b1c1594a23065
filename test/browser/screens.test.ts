import { expect, test } from "vitest";
import { type BrowserHall, inHall } from "./browser-hall.ts";
import { everywhere, Looker, type Manner } from "./looker.ts";
import { desktop, type Person, phone } from "./person.ts";
import {
  acceptInvite,
  beginTopic,
  button,
  foundGroup,
  heading,
  invite,
  link,
  posts,
  setUp,
  write,
  writingBox,
} from "./steps.ts";

const passphrase = "copper kettle orbit meadow";
const newcomer = { name: "Bongani Nkosi", union: "SAMWU", passphrase: null, note: "From Durban" };

const usual: readonly Manner[] = [
  { language: "en", colours: "light", size: desktop },
  { language: "ar", colours: "dark", size: phone },
];
const further: readonly Manner[] = [
  { language: "en", colours: "dark", size: phone },
  { language: "ar", colours: "light", size: desktop },
];

test.each(everywhere ? [...usual, ...further] : usual)(
  "no screen in $language, $colours has a barrier that axe knows, or scrolls sideways",
  async (manner) => {
    const { language, colours } = manner;
    const looker = new Looker(manner);
    await inHall(`screens-${language}-${colours}`, async (hall) => {
      const ana = await hall.person({ language, colours });
      const guest = await hall.person({ size: phone, language, colours });
      const { groupId, inviteLink } = await comeIn(hall, ana, looker);
      await letSomebodyIn(ana, guest, groupId, inviteLink, looker);
      await talk(ana, guest, groupId, looker);
      await lookAround(ana, looker);
      await lookAtPhone(guest, looker);
      await endIt(ana, guest, looker);
    });
    expect(looker.wrong).toEqual([]);
    expect(looker.seen.size).toBeGreaterThanOrEqual(40);
  },
);

/** Everything up to a founded group and its first link. */
async function comeIn(hall: BrowserHall, ana: Person, looker: Looker) {
  const { look } = looker.of(ana);
  await ana.go("/");
  await heading(ana, "A meeting room for working groups of trade unions").waitFor();
  await look("welcome");
  await link(ana, "I have my 12 words").click();
  await heading(ana, "Bring your account back").waitFor();
  await look("recover");
  await ana.go("/join");
  await heading(ana, "Please open the link once more").waitFor();
  await look("link-missing");
  await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "STAL", passphrase }, look);
  await ana.page.getByRole("link", { name: "Unionhall" }).click();
  await heading(ana, "Your groups").waitFor();
  await look("home-empty");
  await link(ana, "Found a group").first().click();
  const groupId = await foundGroup(ana, "Waste services");
  await look("invites-empty");
  const inviteLink = await invite(ana, "approval", "for Bongani");
  await look("invite-link");
  return { groupId, inviteLink };
}

async function letSomebodyIn(ana: Person, guest: Person, groupId: string, inviteLink: string, looker: Looker) {
  const { look } = looker.of(ana);
  const { look: lookGuest } = looker.of(guest, "join-");
  await acceptInvite(guest, inviteLink, newcomer, lookGuest);
  await heading(guest, "Your request is with the facilitators").waitFor();
  await lookGuest("waiting");
  await link(guest, "To your groups").click();
  await heading(guest, "Needs you").waitFor();
  await lookGuest("home-waiting");
  await ana.page.getByText(newcomer.note).waitFor();
  await look("requests");
  await ana.page.getByRole("button", { name: ana.say("Let {name} in").replace("{name}", newcomer.name) }).click();
  await guest.page.locator(`a[href="/g/${groupId}"]`).click();
}

async function talk(ana: Person, guest: Person, groupId: string, looker: Looker) {
  const { look } = looker.of(ana);
  await link(ana, "Topics").click();
  await link(ana, "New topic").first().waitFor();
  await look("group-empty");
  await link(ana, "New topic").first().click();
  await heading(ana, "New topic").waitFor();
  await look("new-topic");
  await link(ana, "Topics").click();
  const text =
    "Who has **figures** on night shifts?\n\n> quoted\n\n- one\n- two\n\n[a link](https://example.org/a)\n\n`code`";
  await beginTopic(ana, groupId, "Night shifts in waste collection", text);
  await guest.page.getByRole("link", { name: /Night shifts/ }).click();
  await write(guest, "Durban has some: see table.\n\n| shift | injuries |\n|---|---|\n| night | 14 |");
  await posts(ana, "Durban has some").waitFor();
  await look("topic");
  await writingBox(ana).fill("How it **looks**");
  await button(ana, "Preview").click();
  await ana.page
    .getByRole("group", { name: ana.say("Preview") })
    .locator("strong")
    .waitFor();
  await look("preview");
  await button(ana, "Edit").click();
  await writingBox(ana).fill("");
}

/** The group's other pages, what opens over them, and one's own. */
async function lookAround(ana: Person, looker: Looker) {
  const { page, say } = ana;
  const { look, asItIs } = looker.of(ana);
  await link(ana, "Members").first().click();
  const menu = page.getByRole("button", { name: say("What to do about {name}").replace("{name}", newcomer.name) });
  await menu.waitFor();
  await look("members");
  await menu.click();
  await page.getByRole("menuitem").first().waitFor();
  await asItIs("member-menu");
  await page.getByRole("menuitem").last().click();
  await page.getByRole("dialog").waitFor();
  await asItIs("remove-dialog");
  await page.keyboard.press("Escape");
  await link(ana, "Invites").first().click();
  await heading(ana, "Invites").waitFor();
  await look("invites");
  await button(ana, "End…").click();
  await asItIs("end-dialog");
  await button(ana, "End the invite").click();
  await page.locator("details > summary").waitFor();
  await page.locator("details > summary").click();
  await look("invites-over");
  await link(ana, "About").first().click();
  await heading(ana, "About the group").waitFor();
  await look("about");
  await button(ana, "Change name and description").click();
  await look("about-edit");
  await page.getByRole("link", { name: "Unionhall" }).click();
  await heading(ana, "Your groups").waitFor();
  await look("home");
  await page.getByRole("link", { name: /Ana Duarte/ }).click();
  await heading(ana, "Me").waitFor();
  await look("me");
  await button(ana, "Sign out…").click();
  await asItIs("sign-out-dialog");
  await page.keyboard.press("Escape");
}

async function lookAtPhone(guest: Person, looker: Looker) {
  const { look, asItIs } = looker.of(guest, "guest-");
  await look("topic");
  await guest.goOffline();
  await guest.page.getByText(guest.say("Offline. What is here stays readable.")).waitFor();
  await write(guest, "Written without a network.");
  await posts(guest, "Written without").getByText(guest.say("Kept here, sent when the network is back")).waitFor();
  await look("offline");
  await guest.goOnline();
  await posts(guest, "Written without")
    .getByRole("button", { name: guest.say("Quote") })
    .waitFor();
  await link(guest, "Back to the group").click();
  await guest.page.getByRole("link", { name: /Night shifts/ }).waitFor();
  await look("group");
  await link(guest, "About").click();
  await button(guest, "Leave this group…").click();
  await asItIs("leave-dialog");
  await button(guest, "Go back").click();
  await link(guest, "Back to the group").click();
}

/** Somebody is removed, and the device locked. */
async function endIt(ana: Person, guest: Person, looker: Looker) {
  const { page, say } = ana;
  const { look } = looker.of(ana);
  await page.getByRole("link", { name: "Waste services" }).first().click();
  await link(ana, "Members").first().click();
  await page.getByRole("button", { name: say("What to do about {name}").replace("{name}", newcomer.name) }).click();
  await page.getByRole("menuitem").last().click();
  await page.getByRole("dialog").getByRole("button").last().click();
  await button(guest, "Put it away…").waitFor();
  await looker.of(guest, "guest-").look("removed");
  await page.getByRole("link", { name: /Ana Duarte/ }).click();
  await button(ana, "Lock now").click();
  await heading(ana, "This device is locked").waitFor();
  await look("locked");
  await page.locator("summary").click();
  await look("locked-forgotten");
  await page.getByLabel(say("Passphrase"), { exact: true }).fill(passphrase);
  await button(ana, "Open").click();
  await heading(ana, "Me").waitFor();
  await ana.go("/nowhere");
  await page.getByLabel(say("Passphrase"), { exact: true }).fill(passphrase);
  await button(ana, "Open").click();
  await heading(ana, "There is nothing at this address").waitFor();
  await look("not-found");
}
