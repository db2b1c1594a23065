import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { type Person, phone } from "./person.ts";
import {
  acceptInvite,
  beginTopic,
  button,
  foundGroup,
  invite,
  link,
  posts,
  setUp,
  write,
  writingBox,
} from "./steps.ts";

const long = "This goes on for a while, so that a post fills a good part of the screen. ".repeat(6);

test("on a phone there is room to read, nothing jumps back, only what was seen is read, and what a removal stops is kept", async () => {
  await inHall("reading-on-a-phone", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "approval");
    expect(await focused(ana)).toBe("The invite");
    const bongani = await hall.person({ size: phone });
    await acceptInvite(bongani, inviteLink, { name: "Bongani Nkosi", union: "", passphrase: null });
    await ana.page.getByRole("button", { name: "Let Bongani Nkosi in" }).click();
    await ana.page.getByText("Bongani Nkosi is in.").first().waitFor();
    await bongani.page.waitForURL(`${hall.origin}/g/${groupId}`);
    expect(await focused(ana)).not.toBe("BODY");

    await link(ana, "Topics").click();
    await beginTopic(ana, groupId, "Night shifts, and what they do to people who work them for years on end", "1");
    for (let at = 2; at <= 12; at++) await write(ana, `${at} ${long}`);
    await readInOrder(bongani);
    await stepBack(bongani, hall.origin, groupId);
    await loseStanding(ana, bongani);
  });
});

/** From the first unread post on, by moves that no event but the scrolling itself tells of. */
async function readInOrder(person: Person): Promise<void> {
  const { page } = person;
  await page
    .getByRole("link", { name: /Night shifts/ })
    .getByText("12 new posts")
    .waitFor();
  await page.getByRole("link", { name: /Night shifts/ }).click();
  await posts(person, "1").first().waitFor();
  await unfoldTitle(page.getByRole("heading", { name: /Night shifts/, level: 1 }));
  const scroller = page.getByRole("group", { name: "Posts" });
  const heightOf = async (): Promise<number> => (await scroller.boundingBox())?.height ?? 0;
  expect(await heightOf()).toBeGreaterThan(phone.height * 0.7);
  await page.waitForTimeout(1_500);
  await scroller.evaluate((element) => element.scrollTo({ top: 600 }));
  await page.setViewportSize({ width: 340, height: phone.height });
  await page.waitForTimeout(500);
  expect(await scroller.evaluate((element) => element.scrollTop)).toBeGreaterThan(400);
  await page.setViewportSize({ width: 360, height: 420 });
  await writingBox(person).focus();
  expect(await heightOf()).toBeGreaterThan(220);
  await writingBox(person).evaluate((element) => element.blur());
  await page.setViewportSize(phone);
  await page.waitForTimeout(1_000);
  const seen = await scroller.evaluate((element) => {
    const { bottom } = element.getBoundingClientRect();
    const whole = [...element.querySelectorAll("article")].filter(
      (post) => post.getBoundingClientRect().bottom <= bottom + 16,
    );
    return Math.max(...whole.map((post) => Number(post.getAttribute("aria-posinset"))));
  });
  expect(seen).toBeLessThan(12);
  await link(person, "Back to the group").click();
  await page
    .getByRole("link", { name: /Night shifts/ })
    .getByText(`${12 - seen} new posts`)
    .waitFor();
}

/** A long title shows two lines of itself; all of it when it is touched, until it is touched again. */
async function unfoldTitle(title: Locator): Promise<void> {
  const heightOf = async (): Promise<number> => (await title.boundingBox())?.height ?? 0;
  const folded = await heightOf();
  await title.click();
  await expect.poll(heightOf).toBeGreaterThan(folded);
  expect(await title.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThan(2);
  await title.click();
  await expect.poll(heightOf).toBe(folded);
}

/** The arrow stepped back out of the topic: before the group there is what was before, and not the topic again. */
async function stepBack(person: Person, origin: string, groupId: string): Promise<void> {
  expect(person.page.url()).toBe(`${origin}/g/${groupId}`);
  await person.page.goForward();
  await person.page.getByRole("heading", { name: /Night shifts/, level: 1 }).waitFor();
}

async function loseStanding(ana: Person, bongani: Person): Promise<void> {
  await bongani.goOffline();
  await write(bongani, "Written too late.");
  await posts(bongani, "Written too late.").getByText("Kept here").waitFor();
  await writingBox(bongani).fill("Half a thought");
  await link(ana, "Members").click();
  await ana.page.getByRole("button", { name: "What to do about Bongani Nkosi" }).click();
  await ana.page.getByRole("menuitem", { name: "Remove from the group…" }).click();
  await ana.page.getByRole("button", { name: "Remove Bongani Nkosi" }).click();
  await ana.page.getByText("1 member", { exact: true }).first().waitFor();
  await bongani.goOnline();
  const post = posts(bongani, "Written too late.");
  await post.getByText("Not sent.").waitFor();
  await button(bongani, "Copy the text").last().waitFor();
  await bongani.page.reload();
  await button(bongani, "To the newest").click();
  await post.getByText("Not sent.").waitFor();
  expect(await post.getByRole("button", { name: "Try again" }).count()).toBe(0);
  const left = bongani.page.getByRole("textbox", { name: "What you had begun to write" });
  expect(await left.inputValue()).toBe("Half a thought");
  await post.getByRole("button", { name: "Copy the text" }).click();
  expect(await bongani.page.evaluate(() => navigator.clipboard.readText())).toBe("Written too late.");
}

/** By its label, its text, or else its kind. */
async function focused({ page }: Person): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.tagName ?? "";
  });
}
