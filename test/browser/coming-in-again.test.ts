import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { expectFocused } from "./focus.ts";
import { type Person, phone, type Seen } from "./person.ts";
import { speaker } from "./say.ts";
import { button, field, foundGroup, heading, invite, link, setUp, writeDownWords } from "./steps.ts";

const passphrase = "copper kettle orbit meadow";

test("who loads the page again half-way comes in all the same: at the 12 words, and while a request waits", async () => {
  await inHall("coming-in-again", async (hall) => {
    const ana = await hall.person({ size: phone });
    await ana.page.goto(hall.setupLink);
    await button(ana, "Begin").click();
    await expectFocused(heading(ana, "Who will the others see?"));
    await describe(ana, "Ana Duarte", passphrase);
    await heading(ana, "Write down these 12 words").waitFor();
    await ana.page.reload();
    await expectFocused(passphraseOf(ana));
    await unlock(ana, "copper kettle");
    await ana.page.getByRole("alert").waitFor();
    await expectFocused(passphraseOf(ana));
    await unlock(ana, passphrase);
    await heading(ana, "Your account is made. Now your 12 words").waitFor();
    await passphraseOf(ana).fill(passphrase);
    await button(ana, "Show my words").click();
    await writeDownWords(ana);
    await heading(ana, "Found a group").waitFor();
    await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "approval");

    const bongani = await hall.person({ size: phone });
    await bongani.page.goto(inviteLink);
    await expectInView(bongani, "Accept the invite");
    await button(bongani, "Accept the invite").click();
    await expectFocused(heading(bongani, "Who will the others see?"));
    expect(await bongani.page.evaluate(() => scrollY)).toBe(0);
    await bongani.page.getByRole("combobox", { name: "Your language" }).selectOption("zu");
    await describe(bongani, "Bongani Nkosi", null);
    await heading(bongani, "Write down these 12 words").waitFor();
    await letIn(ana).waitFor();
    await bongani.page.reload();
    await heading(bongani, "Your account is made. Now your 12 words").waitFor();
    await link(bongani, "Later: to your groups").click();
    await button(bongani, "Take the request back").click();
    await bongani.page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
    await link(bongani, "Write down your 12 words now").click();
    await button(bongani, "Show my words").click();
    await writeDownWords(bongani);
    const confirmed = bongani.page.getByText("Your words are confirmed.");
    await confirmed.waitFor();
    expect(await confirmed.evaluate((line) => document.activeElement?.contains(line))).toBe(true);
    expect(await bongani.page.getByRole("combobox", { name: "Your language" }).inputValue()).toBe("zu");

    await bongani.go("/join");
    await heading(bongani, "Your request is with the facilitators").waitFor();
    await letIn(ana).click();
    await bongani.page.getByRole("heading", { name: "Waste services" }).waitFor();
    await bongani.go("/join");
    await heading(bongani, "Your groups").waitFor();
  });
});

test("a forgotten passphrase: the device is emptied only for words that open an account, and after it was said whose", async () => {
  await inHall("forgotten-passphrase", async (hall) => {
    const ana = await hall.person({ size: phone });
    const words = await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase });
    await ana.go("/");
    await heading(ana, "This device is locked").waitFor();
    await ana.page.getByText("I have forgotten my passphrase").click();
    await check(ana, [...words.slice(0, 11), "grieff"]);
    await alert(ana, "Word 12, “grieff”, is in no list");
    await check(ana, "legal winner thank year wave sausage worth useful legal winner thank yellow".split(" "));
    await alert(ana, "There is no account for this in this hall.");
    await check(ana, words);
    const dialog = ana.page.getByRole("dialog", { name: "Empty this device?" });
    await dialog.getByText("Ana Duarte").waitFor();
    await dialog.getByRole("button", { name: "Go back" }).click();
    await unlock(ana, passphrase);
    await heading(ana, "Your groups").waitFor();

    await ana.page.reload();
    await ana.page.getByText("I have forgotten my passphrase").click();
    await check(ana, words);
    await dialog.getByRole("button", { name: "Empty it and go on" }).click();
    // The words were just typed; they are not asked for twice.
    await heading(ana, "Lock this device").waitFor();
    await passphraseOf(ana).fill("another kettle orbit meadow");
    await button(ana, "Bring my account back").click();
    await heading(ana, "You are back").waitFor();
  });
});

test("an account begun under a passphrase that is forgotten is begun anew", async () => {
  await inHall("begun-anew", async (hall) => {
    const ana = await hall.person({ size: phone });
    const registering = /\/accounts$/;
    await ana.context.route(registering, (route) => route.abort());
    ana.loseTheHall();
    await ana.goOnline();
    await ana.page.goto(hall.setupLink);
    await button(ana, "Begin").click();
    await describe(ana, "Ana Duarte", passphrase);
    await alert(ana, "This device cannot reach the hall right now.");
    await ana.context.unroute(registering);

    await passphraseOf(ana).fill("another kettle orbit meadow");
    await button(ana, "Make my account").click();
    await alert(ana, "An account was begun on this device under another passphrase");
    const unfinished = await ana.context.newPage();
    await unfinished.goto(hall.setupLink);
    const second: Seen = { page: unfinished, say: ana.say };
    await button(second, "Begin").click();
    await describe(second, "Ana Duarte", "a third passphrase here");
    await alert(second, "An account was begun on this device under another passphrase");
    // What is too short to begin with throws nothing away.
    await passphraseOf(ana).fill("short");
    expect(await button(ana, "Begin anew").getAttribute("aria-disabled")).toBe("true");
    await passphraseOf(ana).fill("another kettle orbit meadow");
    await button(ana, "Begin anew").click();
    await heading(ana, "Write down these 12 words").waitFor();
    // Nor does the other tab, when the account is finished here.
    await button(second, "Begin anew").click();
    await alert(second, "This device already holds an account.");
    await unfinished.close();
    await ana.page.reload();
    await unlock(ana, "another kettle orbit meadow");
    await heading(ana, "Your account is made. Now your 12 words").waitFor();
  });
});

test("a program that comes only in part says so and can be loaded again", async () => {
  await inHall("in-part", async (hall) => {
    const ana = await hall.person({ size: phone });
    // What the browser says of the missing files is meant here.
    ana.loseTheHall();
    await ana.goOnline();
    const parts = /core\.worker.*\.js$|\.wasm$/;
    for (const part of [/\.wasm$/, /core\.worker.*\.js$/]) {
      await ana.context.route(part, (route) => route.abort());
      await ana.go("/");
      await alert(ana, "Check the network, then load the page again.");
      await ana.context.unroute(part);
      await button(ana, "Load the page again").click();
      await heading(ana, "Been here before?").waitFor();
    }
    expect(ana.line.sent.filter(({ url }) => parts.test(url)).length).toBeGreaterThan(1);
    // At the first visit nothing of the program is kept yet: there is the page itself, and what it says after a while.
    const berna = await hall.person({ size: phone });
    berna.loseTheHall();
    await berna.goOnline();
    await berna.context.route(/assets\/index-.*\.js$/, (route) => route.abort());
    await berna.go("/");
    await berna.page.getByText("Unionhall", { exact: true }).waitFor();
    const late = berna.page.getByText("This is taking long. Check the network, then load the page again.");
    expect(await late.isVisible()).toBe(false);
    await berna.page.evaluate(() =>
      document
        .querySelector(".late")
        ?.getAnimations()
        .forEach((animation) => animation.finish()),
    );
    await late.waitFor();
  });
});

test("a language whose words do not come is said to be out of reach, and can be chosen again", async () => {
  await inHall("language", async (hall) => {
    const ana = await hall.person({ size: phone });
    ana.loseTheHall();
    await ana.goOnline();
    await ana.go("/");
    await heading(ana, "Been here before?").waitFor();
    const words = /assets\/(first|rest)-.*\.js$/;
    await ana.context.route(words, (route) => route.abort());
    const picker = ana.page.getByRole("combobox");
    await picker.selectOption("fr");
    await alert(ana, "This device cannot reach the hall right now.");
    expect(await picker.inputValue()).toBe("en");
    await heading(ana, "Been here before?").waitFor();
    await ana.context.unroute(words);
    await picker.selectOption("fr");
    await ana.page.getByRole("heading", { name: (await speaker("fr"))("Been here before?") }).waitFor();
    expect(await ana.page.getByRole("alert").count()).toBe(0);
    // Another one that is long in coming is shown as chosen, and given up again.
    const late = Promise.withResolvers<void>();
    await ana.context.route(words, async (route) => {
      await late.promise;
      await route.continue();
    });
    await picker.selectOption("es");
    expect(await picker.inputValue()).toBe("es");
    await picker.selectOption("fr");
    const here = ana.page.waitForResponse(/assets\/rest-.*\.js$/);
    late.resolve();
    await (await here).finished();
    expect(await picker.inputValue()).toBe("fr");
    expect(await ana.page.evaluate(() => localStorage.getItem("unionhall.language"))).toBe("fr");
  });
});

test("colours are worn and shown as soon as they are chosen, also where an earlier choice is still being kept", async () => {
  await inHall("colours", async (hall) => {
    const ana = await hall.person({ size: phone });
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const late = Promise.withResolvers<void>();
    await ana.context.route("**/api/account/vault", async (route) => {
      await late.promise;
      await route.continue();
    });
    const asked = ana.page.waitForRequest("**/api/account/vault");
    await ana.go("/me");
    await asked;
    const picker = ana.page.getByRole("combobox", { name: "Colours" });
    for (const theme of ["dark", "light"]) {
      await picker.selectOption(theme);
      expect(await picker.inputValue()).toBe(theme);
      expect(await ana.page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
    }
    late.resolve();
    await expect.poll(() => ana.page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    expect(await picker.inputValue()).toBe("light");
    expect(await ana.page.getByRole("alert").count()).toBe(0);
  });
});

async function describe(person: Seen, name: string, lock: string | null): Promise<void> {
  await field(person, "Your name").fill(name);
  await button(person, "Continue").click();
  await expectFocused(heading(person, "Lock this device"));
  if (lock === null) await person.page.getByRole("radio", { name: "No lock" }).check();
  else await passphraseOf(person).fill(lock);
  await button(person, "Make my account").click();
}

async function expectInView(person: Person, act: string): Promise<void> {
  await button(person, act).waitFor();
  const box = await button(person, act).boundingBox();
  expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(phone.height);
}

async function check(person: Person, words: readonly string[]): Promise<void> {
  await field(person, "Your 12 words").fill(words.join(" "));
  await button(person, "Check my words").click();
}

async function unlock(person: Person, words: string): Promise<void> {
  await passphraseOf(person).fill(words);
  await button(person, "Open").click();
}

function letIn({ page }: Person) {
  return page.getByRole("button", { name: "Let Bongani Nkosi in" });
}

function passphraseOf(person: Seen) {
  return person.page.getByLabel("Passphrase", { exact: true });
}

async function alert({ page }: Seen, words: string): Promise<void> {
  await page.getByRole("alert").filter({ hasText: words }).waitFor();
}
