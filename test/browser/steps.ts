import { equal } from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { Seen } from "./person.ts";

export interface Newcomer {
  readonly name: string;
  readonly union: string;
  /** Null for a device without a lock. */
  readonly passphrase: string | null;
  readonly note?: string;
}

export function heading({ page, say }: Seen, english: string): Locator {
  return page.getByRole("heading", { name: say(english), exact: true });
}

export function button({ page, say }: Seen, english: string): Locator {
  return page.getByRole("button", { name: say(english), exact: true });
}

export function link({ page, say }: Seen, english: string): Locator {
  return page.getByRole("link", { name: say(english), exact: true });
}

/** A text field by the beginning of its label. */
export function field({ page, say }: Seen, english: string): Locator {
  return page.getByRole("textbox", { name: say(english) });
}

/** Called on every screen on the way, with a name for it. */
export type Look = (screen: string) => Promise<void>;

const noLook: Look = async () => undefined;

/** Opens the setup link and makes the hall's first account, up to the page where a group is founded. Returns the 12 words. */
export async function setUp(
  person: Seen,
  setupLink: string,
  newcomer: Newcomer,
  look: Look = noLook,
): Promise<readonly string[]> {
  await person.page.goto(setupLink);
  await heading(person, "A new hall").waitFor();
  await look("setup");
  await button(person, "Begin").click();
  const words = await register(person, newcomer, look);
  await heading(person, "Found a group").waitFor();
  await look("found");
  return words;
}

/** Name, lock, words with two asked back. */
export async function register(person: Seen, newcomer: Newcomer, look: Look = noLook): Promise<readonly string[]> {
  const { page, say } = person;
  await heading(person, "Who will the others see?").waitFor();
  await look("name");
  await field(person, "Your name").fill(newcomer.name);
  await field(person, "Your union").fill(newcomer.union);
  if (newcomer.note !== undefined) await field(person, "A word to the facilitators").fill(newcomer.note);
  await button(person, "Continue").click();
  await heading(person, "Lock this device").waitFor();
  if (newcomer.passphrase === null) await page.getByRole("radio", { name: say("No lock") }).check();
  else await page.getByLabel(say("Passphrase"), { exact: true }).fill(newcomer.passphrase);
  await look("lock");
  await button(person, "Make my account").click();
  return await writeDownWords(person, look);
}

/** From the page that shows the 12 words. */
export async function writeDownWords(person: Seen, look: Look = noLook): Promise<readonly string[]> {
  const { page, say } = person;
  await heading(person, "Write down these 12 words").waitFor();
  await look("words");
  const words = await page
    .getByRole("list", { name: say("Your 12 words") })
    .locator("bdi")
    .allInnerTexts();
  equal(words.length, 12);
  await button(person, "I have written them down").click();
  await heading(person, "Two of them back, please").waitFor();
  await look("asked-back");
  // A page may have other fields below.
  const [label = ""] = say("Word number {0}").split("{0}");
  const asked = page.getByRole("textbox", { name: label.trim() });
  equal(await asked.count(), 2);
  for (const box of await asked.all()) await box.fill(words[(await placeOf(person, box)) - 1] ?? "");
  await button(person, "Continue").click();
  return words;
}

/** Which of the words a field asks for, counted from 1. */
async function placeOf({ page, say }: Seen, box: Locator): Promise<number> {
  const id = await box.getAttribute("id");
  const label = await page.locator(`label[for="${id}"]`).innerText();
  const [before = "", after = ""] = say("Word number {0}").split("{0}");
  const number = label
    .trim()
    .slice(before.length, after === "" ? undefined : -after.length)
    .trim();
  // Some languages write digits of their own.
  const western = number.replaceAll(/[\u0660-\u0669]/g, (digit: string) => String(digit.charCodeAt(0) - 0x0660));
  return Number(western);
}

/** On the page where a group is founded: founds one, and gives its id. */
export async function foundGroup(person: Seen, name: string): Promise<string> {
  await field(person, "Name of the group").fill(name);
  await button(person, "Found the group").click();
  await person.page.waitForURL(/\/g\/[0-9a-f]{64}\/invites$/);
  await heading(person, "Invite people").waitFor();
  return /\/g\/([0-9a-f]{64})/.exec(person.page.url())?.[1] ?? "";
}

/** On a group's page of invites: makes one and reads its link off the screen. */
export async function invite(person: Seen, mode: "approval" | "instant", note = ""): Promise<string> {
  const { page, say } = person;
  const label = mode === "approval" ? "They ask, and a facilitator lets them in" : "They come in at once";
  await page.getByRole("radio", { name: say(label) }).check();
  await field(person, "A note for yourself").fill(note);
  await button(person, "Make an invite link").click();
  const shown = page.getByRole("textbox", { name: say("Invite link"), exact: true }).first();
  await shown.waitFor();
  return await shown.inputValue();
}

export async function checkWords({ page, say }: Seen): Promise<readonly string[]> {
  const words = page.getByRole("list", { name: say("Check words") }).getByRole("listitem");
  await words.first().waitFor();
  return await words.allInnerTexts();
}

/** Opens an invite link with an empty browser and registers, up to the last step. */
export async function acceptInvite(
  person: Seen,
  inviteLink: string,
  newcomer: Newcomer,
  look: Look = noLook,
): Promise<void> {
  await person.page.goto(inviteLink);
  await button(person, "Accept the invite").waitFor();
  await look("preview");
  await button(person, "Accept the invite").click();
  await register(person, newcomer, look);
}

/** On a topic's page: writes into the box at its end and sends. */
export async function write(person: Seen, text: string): Promise<void> {
  await writingBox(person).fill(text);
  await button(person, "Send").click();
}

export function writingBox({ page }: Seen): Locator {
  return page.getByRole("textbox").last();
}

/** The posts that hold a text. */
export function posts({ page }: Seen, text: string): Locator {
  return page.getByRole("article").filter({ hasText: text });
}

/** From a group's list of topics. */
export async function beginTopic(person: Seen, groupId: string, title: string, text: string): Promise<string> {
  const { page } = person;
  await link(person, "New topic").click();
  await field(person, "Title").fill(title);
  await field(person, "The first post").fill(text);
  await button(person, "Begin the topic").click();
  await page.waitForURL(new RegExp(`/g/${groupId}/t/[0-9a-f]+$`));
  await page.getByRole("article").waitFor();
  return /\/t\/([0-9a-f]+)$/.exec(page.url())?.[1] ?? "";
}
