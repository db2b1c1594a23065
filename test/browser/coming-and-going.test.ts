import { expect, test } from "vitest";
import { type BrowserHall, inHall } from "./browser-hall.ts";
import { type Person, phone } from "./person.ts";
import {
  acceptInvite,
  beginTopic,
  button,
  field,
  foundGroup,
  heading,
  invite,
  link,
  posts,
  setUp,
  write,
} from "./steps.ts";

interface Founded {
  readonly hall: BrowserHall;
  readonly ana: Person;
  readonly groupId: string;
  readonly topicId: string;
}

test("people walk in on a phone, are refused, come too late, see a new name, leave for good, and come back by their 12 words", async () => {
  await inHall("coming-and-going", async (hall) => {
    const ana = await hall.person();
    const words = await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "STAL", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const instant = await invite(ana, "instant");
    await link(ana, "Topics").click();
    const topicId = await beginTopic(ana, groupId, "Night shifts", "Written before anybody came.");
    const founded: Founded = { hall, ana, groupId, topicId };
    const bongani = await walkIn(founded, instant);
    await rename(founded, bongani);
    await refuse(founded);
    await comeTooLate(founded);
    await leaveAndPutAway(founded, bongani);
    await comeBack(founded, words);
  });
});

async function walkIn({ hall, ana, groupId }: Founded, instant: string): Promise<Person> {
  const bongani = await hall.person({ size: phone });
  await acceptInvite(bongani, instant, { name: "Bongani Nkosi", union: "SAMWU", passphrase: null });
  await bongani.page.waitForURL(`${hall.origin}/g/${groupId}`);
  await bongani.page.getByRole("link", { name: /Night shifts/ }).click();
  await posts(bongani, "Written before anybody came.").waitFor();
  await write(bongani, "Here I am.");
  await posts(ana, "Here I am.").waitFor();
  return bongani;
}

async function rename({ ana }: Founded, bongani: Person): Promise<void> {
  await link(ana, "About").click();
  await button(ana, "Change name and description").click();
  await field(ana, "Name of the group").fill("Waste and recycling");
  await field(ana, "What it is for").fill("Everything on wheels.");
  await button(ana, "Save").click();
  await heading(ana, "About the group").waitFor();
  await ana.page.getByText("Everything on wheels.").waitFor();
  await link(bongani, "Back to the group").click();
  await bongani.page.getByRole("heading", { name: "Waste and recycling" }).waitFor();
  await link(bongani, "About").click();
  await bongani.page.getByText("Everything on wheels.").waitFor();
  expect(await button(bongani, "Change name and description").count()).toBe(0);
}

async function refuse({ hall, ana }: Founded): Promise<void> {
  await link(ana, "Invites").click();
  await heading(ana, "Invite people").waitFor();
  const asking = await invite(ana, "approval", "for the depot");
  const stranger = await hall.person({ size: phone });
  const newcomer = { name: "Somebody Else", union: "", passphrase: null, note: "let me in" };
  await acceptInvite(stranger, asking, newcomer);
  await heading(stranger, "Your request is with the facilitators").waitFor();
  await ana.page.getByText("let me in").waitFor();
  await button(ana, "Refuse…").click();
  await ana.page.getByRole("dialog").getByRole("button", { name: "Refuse", exact: true }).click();
  await heading(stranger, "Your request was not accepted").waitFor();
  await expect.poll(() => ana.page.getByText("let me in").count()).toBe(0);
  await link(stranger, "To your groups").click();
  await stranger.page.getByText("was not accepted. Speak with the person who invited you.").waitFor();
  await button(stranger, "Put away").click();
  await stranger.page.getByText("You are in no group yet.").waitFor();
}

async function comeTooLate({ hall, ana }: Founded): Promise<void> {
  const [row] = await ana.page.getByRole("listitem").filter({ hasText: "for the depot" }).all();
  if (row === undefined) throw new Error("the invite is not in the list");
  await row.getByRole("button", { name: "Show the link" }).click();
  const late = await row.getByRole("textbox", { name: "Invite link" }).inputValue();
  await row.getByRole("button", { name: "End…" }).click();
  await ana.page.getByRole("dialog").getByRole("button", { name: "End the invite" }).click();
  await ana.page.getByText("Invites that are over (1)").waitFor();
  const guest = await hall.person({ size: phone });
  await guest.page.goto(late);
  await guest.page.getByRole("alert").filter({ hasText: "The hall has no invite for this link any more." }).waitFor();
  expect(await button(guest, "Accept the invite").count()).toBe(0);
}

async function leaveAndPutAway({ hall, ana, groupId, topicId }: Founded, bongani: Person): Promise<void> {
  await button(bongani, "Leave this group…").click();
  await button(bongani, "Leave the group").click();
  await bongani.page.getByText("You have left this group.").first().waitFor();
  await link(ana, "Members").first().click();
  await ana.page.getByText("1 member", { exact: true }).first().waitFor();
  await ana.page.getByRole("listitem").filter({ hasText: "Bongani Nkosi left." }).waitFor();
  await bongani.go(`/g/${groupId}/t/${topicId}`);
  await posts(bongani, "Written before anybody came.").waitFor();
  expect(await bongani.page.locator("textarea").count()).toBe(0);
  await bongani.go(`/g/${groupId}`);
  await button(bongani, "Put it away…").click();
  await button(bongani, "Put it away").click();
  await bongani.page.waitForURL(`${hall.origin}/`);
  await bongani.page.getByText("You are in no group yet.").waitFor();
  await bongani.page.reload();
  await bongani.page.getByText("You are in no group yet.").waitFor();
}

/** Nobody else is there: everybody's line is cut. */
async function comeBack({ hall, ana, groupId }: Founded, words: readonly string[]): Promise<void> {
  for (const person of hall.people) await person.goOffline();
  const again = await hall.person({ size: phone });
  await again.go("/");
  await link(again, "I have my 12 words").click();
  await field(again, "Your 12 words").fill(words.join(" "));
  await button(again, "Continue").click();
  await again.page.getByLabel(again.say("Passphrase"), { exact: true }).fill("copper kettle orbit meadow");
  await button(again, "Bring my account back").click();
  await heading(again, "You are back").waitFor();
  await again.page.getByRole("listitem").filter({ hasText: "Waste and recycling" }).waitFor();
  await button(again, "To your groups").click();
  await again.page.locator(`a[href="/g/${groupId}"]`).click();
  await again.page.getByRole("link", { name: /Night shifts/ }).click();
  await posts(again, "Here I am.").waitFor();
  await write(again, "Back on a new phone.");
  await posts(again, "Back on a new phone.").getByRole("button", { name: "Quote" }).waitFor();
  await ana.goOnline();
  await link(ana, "Topics").click();
  await ana.page.getByRole("link", { name: /Night shifts/ }).click();
  await posts(ana, "Back on a new phone.").waitFor();
}
