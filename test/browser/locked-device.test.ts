import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { keptByBrowser, textsIn } from "./kept-by-browser.ts";
import type { Person } from "./person.ts";
import { beginTopic, button, field, foundGroup, heading, link, posts, setUp, write } from "./steps.ts";

const passphrase = "copper kettle orbit meadow";
const secrets = [
  "Zilpa Quarrington",
  "Wharf Fitters Local",
  "Turbine hall dispute",
  "Walkout schedule",
  "gate seven at dawn",
];

test("a locked device shows nothing, opens only for its passphrase, and keeps no text in the clear", async () => {
  await inHall("locked-device", async (hall) => {
    const person = await hall.person();
    const [name = "", union = "", groupName = "", title = "", text = ""] = secrets;
    const words = await setUp(person, hall.setupLink, { name, union, passphrase });
    const groupId = await foundGroup(person, groupName);
    await link(person, "Topics").click();
    await beginTopic(person, groupId, title, text);
    await write(person, "see you at gate seven at dawn");
    await posts(person, "see you").getByRole("button", { name: "Quote" }).waitFor();
    const kept = ["draft about gate eleven", ...secrets];
    await field(person, "Write the first notes; others will read them when they come…").fill("draft about gate eleven");
    await person.page.getByRole("link", { name: "This device asks for your passphrase" }).click();
    await button(person, "Lock now").click();
    await heading(person, "This device is locked").waitFor();
    expect(await person.page.content()).not.toContain(groupName);

    await person.page.reload();
    await unlock(person, "copper kettle orbit meadows");
    await person.page.getByRole("alert").filter({ hasText: "That is not the passphrase of this device." }).waitFor();
    await expectNothingKept(person, [...kept, passphrase, words.join(" "), words.slice(0, 3).join(" ")]);

    await unlock(person, passphrase);
    await heading(person, "Your groups").or(heading(person, "Me")).waitFor();
    await person.go(`/g/${groupId}`);
    await unlock(person, passphrase);
    await person.page.getByRole("link", { name: new RegExp(title) }).click();
    await posts(person, text).first().waitFor();
    expect(await person.page.locator("textarea").inputValue()).toBe("draft about gate eleven");
    await expectNothingKept(person, [...kept, passphrase, words.join(" ")]);
  });
});

async function unlock(person: Person, words: string): Promise<void> {
  await person.page.getByLabel(person.say("Passphrase"), { exact: true }).fill(words);
  await button(person, "Open").click();
}

/** The search itself is tried on a text that was planted beside what it looks through. */
async function expectNothingKept({ page }: Person, texts: readonly string[]): Promise<void> {
  await page.evaluate(() => localStorage.setItem("control", "planted beside"));
  const heaps = await keptByBrowser(page);
  expect(heaps.length).toBeGreaterThan(10);
  expect(textsIn(heaps, ["planted beside", ...texts])).toEqual(["planted beside"]);
  await page.evaluate(() => localStorage.removeItem("control"));
}
