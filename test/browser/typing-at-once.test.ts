import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { phone } from "./person.ts";
import { beginTopic, button, foundGroup, link, posts, setUp } from "./steps.ts";

const passphrase = "copper kettle orbit meadow";

test("on a slow phone nothing is lost that is typed at once: after unlocking into a topic, while a post is sent, on leaving and coming back", async () => {
  await inHall("typing-at-once", async (hall) => {
    const ana = await hall.person({ size: phone });
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase });
    const groupId = await foundGroup(ana, "Waste services");
    await link(ana, "Back to the group").click();
    const topicId = await beginTopic(ana, groupId, "Night shifts", "Who has figures?");
    const { page } = ana;
    const devtools = await ana.context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    await ana.go(`/g/${groupId}/t/${topicId}`);
    await page.getByLabel(ana.say("Passphrase"), { exact: true }).fill(passphrase);
    await button(ana, "Open").click();
    const box = page.getByRole("textbox", { name: /^Write/ });
    await box.pressSequentially("First thing in the morning.");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.type("Second thing.");
    await posts(ana, "First thing in the morning.").waitFor();
    await expect.poll(() => box.inputValue()).toBe("Second thing.");
    await page.keyboard.type(" Goes on.");
    await link(ana, "Back to the group").click();
    await page.getByRole("link", { name: /Night shifts/ }).click();
    await expect.poll(() => box.inputValue()).toBe("Second thing. Goes on.");
    await box.press("Control+Enter");
    await posts(ana, "Second thing. Goes on.")
      .getByRole("button", { name: ana.say("Quote") })
      .waitFor();
    await expect.poll(() => box.inputValue()).toBe("");
    expect(await page.getByRole("article").count()).toBe(3);
  });
});
