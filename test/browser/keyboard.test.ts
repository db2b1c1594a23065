import { expect, test } from "vitest";
import type { Locator } from "playwright-core";
import { inHall } from "./browser-hall.ts";
import { expectFocused } from "./focus.ts";
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
  writingBox,
} from "./steps.ts";

test("a visit by keys alone: open a topic, write, send, see who is there, nearly remove somebody, and then do; the focus is always seen, and comes back", async () => {
  await inHall("keyboard", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "instant");
    await link(ana, "Topics").click();
    await beginTopic(ana, groupId, "Night shifts", "Who has figures?");
    const bongani = await hall.person({ size: phone });
    await acceptInvite(bongani, inviteLink, { name: "Bongani Nkosi", union: "", passphrase: null });
    await bongani.page.getByRole("link", { name: /Night shifts/ }).click();

    const { page } = ana;
    await ana.go("/");
    await heading(ana, "Your groups").waitFor();
    await page.keyboard.press("Tab");
    await expectFocused(button(ana, "Skip to the content"));
    await page.keyboard.press("Enter");
    await expectFocused(page.getByRole("main"));
    await tabTo(ana, page.getByRole("main").getByRole("link", { name: /Waste services/ }));
    await page.keyboard.press("Enter");
    await expectFocused(page.getByRole("heading", { name: "Waste services", level: 1 }));
    await tabTo(ana, page.getByRole("link", { name: /Night shifts/ }));
    await page.keyboard.press("Enter");
    await posts(ana, "Who has figures?").waitFor();
    await expectFocused(page.getByRole("heading", { name: "Night shifts", level: 1 }));
    await tabTo(ana, writingBox(ana));
    await page.keyboard.type("By keys alone.");
    await page.keyboard.press("Control+Enter");
    await posts(bongani, "By keys alone.").waitFor();
    await expectFocused(writingBox(ana));
    expect(await writingBox(ana).inputValue()).toBe("");

    await write(bongani, "Heard.");
    const said = page.locator('[aria-live="polite"]').filter({ hasText: "New post by Bongani Nkosi" });
    await expect.poll(() => said.count()).toBe(1);
    await expectFocused(writingBox(ana));

    // A post that takes the focus by a click would take it along when it is scrolled away.
    await posts(ana, "Heard.").getByText("Heard.").click();
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("ARTICLE");
    await writingBox(ana).focus();
    await tabTo(ana, link(ana, "Members"), "back");
    await page.keyboard.press("Enter");
    await expectFocused(heading(ana, "Members"));
    const menu = page.getByRole("button", { name: "What to do about Bongani Nkosi" });
    await tabTo(ana, menu);
    await page.keyboard.press("Enter");
    await expectFocused(page.getByRole("menuitem", { name: "Make a facilitator…" }));
    await page.keyboard.press("Escape");
    await expectFocused(menu);
    const dialog = await askToRemove(ana);
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.count()).toBe(0);
    await expectFocused(menu);
    await posts(bongani, "Heard.").waitFor();
    expect(await bongani.page.getByText("has removed you").count()).toBe(0);

    await askToRemove(ana);
    await page.keyboard.press("Enter");
    await bongani.page.getByText("has removed you").first().waitFor();
    await expect.poll(() => menu.count()).toBe(0);
    await expectFocused(page.getByRole("main"));
  });
});

test("what opens takes the focus, and what closes gives it back", async () => {
  await inHall("opens-and-closes", async (hall) => {
    const ana = await hall.person();
    const passphrase = "copper kettle orbit meadow";
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase });
    await foundGroup(ana, "Waste services");
    const { keyboard } = ana.page;
    await link(ana, "About").click();
    for (const way of ["Leave it as it was", "Save"]) {
      await button(ana, "Change name and description").click();
      await expectFocused(field(ana, "Name of the group"));
      await button(ana, way).click();
      await expectFocused(button(ana, "Change name and description"));
    }

    await ana.page.getByRole("link", { name: "Ana Duarte" }).first().click();
    await button(ana, "Show my words").click();
    await keyboard.type(passphrase);
    await keyboard.press("Enter");
    const words = ana.page.getByRole("list", { name: "Your 12 words" });
    await words.waitFor();
    await expectFocused(ana.page.locator("[tabindex='-1']").filter({ has: words }).last());
    await keyboard.press("Tab");
    await expectFocused(button(ana, "Hide them"));
    await keyboard.press("Enter");
    await expectFocused(button(ana, "Show my words"));
  });
});

test("what a dialog began is seen to its end, however often Escape is pressed", async () => {
  await inHall("escape", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const answered = Promise.withResolvers<void>();
    await ana.context.route(/\/sessions\/current$/, async (route) => {
      await answered.promise;
      await route.continue();
    });
    await ana.go("/me");
    await button(ana, "Sign out…").click();
    const dialog = ana.page.getByRole("dialog", { name: "Sign out on this device?" });
    const act = dialog.getByRole("button", { name: "Sign out" });
    await act.click();
    await expect.poll(() => act.getAttribute("aria-busy")).toBe("true");
    for (let pressed = 0; pressed < 4; pressed++) await ana.page.keyboard.press("Escape");
    await ana.page.waitForTimeout(300);
    expect(await dialog.isVisible()).toBe(true);
    answered.resolve();
    await heading(ana, "Been here before?").waitFor();
  });
});

/** From the button of Bongani's menu to the button that removes. */
async function askToRemove({ page }: Person): Promise<Locator> {
  await page.keyboard.press("Enter");
  await expectFocused(page.getByRole("menuitem", { name: "Make a facilitator…" }));
  await page.keyboard.press("ArrowDown");
  await expectFocused(page.getByRole("menuitem", { name: "Remove from the group…" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Remove Bongani Nkosi from the group?" });
  await expectFocused(dialog.getByRole("button", { name: "Go back" }));
  await page.keyboard.press("Tab");
  await expectFocused(dialog.getByRole("button", { name: "Remove Bongani Nkosi" }));
  return dialog;
}

/** Presses Tab until the focus is there, and not more often than anybody would. At every stop it can be seen where it is. */
async function tabTo({ page }: Person, place: Locator, way: "on" | "back" = "on"): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed++) {
    await page.keyboard.press(way === "on" ? "Tab" : "Shift+Tab");
    expect(await hiddenFocus({ page })).toBeNull();
    const isThere = await place.evaluateAll((elements) =>
      elements.some((element) => element === document.activeElement),
    );
    if (isThere) return;
  }
  throw new Error(`${String(place)} is not reached by Tab`);
}

/** What has the focus when nothing on the screen shows it: neither an outline of its own nor one around it. */
async function hiddenFocus({ page }: Pick<Person, "page">): Promise<string | null> {
  return await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return null;
    for (
      let element: Element | null = focused;
      element !== null && element !== document.body;
      element = element.parentElement
    ) {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      if (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) {
        const { width, height, top, bottom } = focused.getBoundingClientRect();
        const isOnScreen = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
        return isOnScreen ? null : `off screen: ${focused.outerHTML.slice(0, 200)}`;
      }
    }
    return focused.outerHTML.slice(0, 200);
  });
}
