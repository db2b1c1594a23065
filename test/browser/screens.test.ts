import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { barriers, inHall } from "./browser-hall.ts";
import { desktop, type Person, phone } from "./person.ts";
import type { Tongue } from "./say.ts";
import {
  acceptInvite,
  beginTopic,
  button,
  foundGroup,
  heading,
  invite,
  type Look,
  link,
  posts,
  setUp,
  write,
} from "./steps.ts";

const passphrase = "copper kettle orbit meadow";
const pictures = fileURLToPath(new URL("../../test-results/screens/", import.meta.url));
const takesPictures = process.env["SCREENS"] === "1";
const sizes = [desktop, phone];

/** Looks at a screen in both sizes: what axe finds, whether it scrolls sideways, and a picture where one is asked for. */
function looker(person: Person, manner: string, wrong: string[], seen: Set<string>): Look {
  const { page } = person;
  const own = page.viewportSize() ?? desktop;
  return async (screen) => {
    seen.add(screen);
    for (const size of sizes) {
      await page.setViewportSize(size);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) wrong.push(`${screen} at ${size.width}: ${overflow}px wider than the screen`);
      for (const words of await barriers(person)) wrong.push(`${screen} at ${size.width}: ${words}`);
      if (takesPictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: `${pictures}${screen}-${manner}-${size.width}.png` });
      }
    }
    await page.setViewportSize(own);
  };
}

const manners: readonly { readonly language: Tongue; readonly colours: "light" | "dark" }[] = [
  { language: "en", colours: "light" },
  { language: "en", colours: "dark" },
  { language: "ar", colours: "light" },
  { language: "ar", colours: "dark" },
];

// Takes many minutes of a busy machine: SCREENS=1 npx vitest run --project browser screens
test.runIf(takesPictures).each(manners)(
  "(only with SCREENS=1: it takes many minutes) no screen in $language, $colours has a barrier that axe knows, or scrolls sideways on a phone",
  async ({ language, colours }) => {
    const manner = `${language}-${colours}`;
    await inHall(`screens-${manner}`, async (hall) => {
      const wrong: string[] = [];
      const seen = new Set<string>();
      const ana = await hall.person({ language, colours });
      const look = looker(ana, manner, wrong, seen);
      await ana.go("/");
      await heading(ana, "A meeting room for working groups of trade unions").waitFor();
      await look("welcome");
      await ana.go("/recover");
      await heading(ana, "Bring your account back").waitFor();
      await look("recover");
      await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "STAL", passphrase }, look);
      const groupId = await foundGroup(ana, "Waste services");
      const inviteLink = await invite(ana, "approval", "for Bongani");
      await look("invite-link");

      const guest = await hall.person({ size: phone, language, colours });
      const lookGuest = looker(guest, manner, wrong, seen);
      const newcomer = { name: "Bongani Nkosi", union: "SAMWU", passphrase: null, note: "From Durban" };
      await acceptInvite(guest, inviteLink, newcomer, async (screen) => await lookGuest(`join-${screen}`));
      await heading(guest, "Your request is with the facilitators").waitFor();
      await lookGuest("waiting");
      await ana.page.getByText("From Durban").waitFor();
      await look("requests");
      const letIn = ana.say("Let {name} in").replace("{name}", newcomer.name);
      await ana.page.getByRole("button", { name: letIn }).click();
      await guest.page.waitForURL(`${hall.origin}/g/${groupId}`);

      await link(ana, "Topics").click();
      await link(ana, "New topic").first().waitFor();
      await look("group-empty");
      await beginTopic(
        ana,
        groupId,
        "Night shifts in waste collection",
        "Who has **figures** on night shifts?\n\n> quoted\n\n- one\n- two\n\n[a link](https://example.org/a)\n\n`code`",
      );
      await guest.page.getByRole("link", { name: /Night shifts/ }).click();
      await write(guest, "Durban has some: see table.\n\n| shift | injuries |\n|---|---|\n| night | 14 |");
      await posts(ana, "Durban has some").waitFor();
      await look("topic");
      await lookGuest("topic-of-guest");
      await link(ana, "New topic").first().click();
      await heading(ana, "New topic").waitFor();
      await look("new-topic");
      for (const [name, screen] of [
        ["Members", "Members"],
        ["Invites", "Invites"],
        ["About", "About the group"],
      ] as const) {
        await link(ana, name).first().click();
        await heading(ana, screen).waitFor();
        await look(name.toLowerCase());
      }
      await link(guest, "Back to the group").click();
      await guest.page.getByRole("link", { name: /Night shifts/ }).waitFor();
      await lookGuest("group");
      await link(guest, "Back to your groups").click();
      await heading(guest, "Your groups").waitFor();
      await lookGuest("home");
      await ana.page.getByRole("link", { name: /Ana Duarte/ }).click();
      await heading(ana, "Me").waitFor();
      await look("me");
      await button(ana, "Lock now").click();
      await heading(ana, "This device is locked").waitFor();
      await look("locked");
      expect(wrong).toEqual([]);
      expect(seen.size).toBeGreaterThanOrEqual(24);
    });
  },
);
