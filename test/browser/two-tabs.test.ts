import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
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

test("two tabs of one device write at once, each post arrives once, and the second goes on when the first is closed", async () => {
  await inHall("two-tabs", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "STAL", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "instant");
    await link(ana, "Topics").click();
    const topicId = await beginTopic(ana, groupId, "Night shifts", "Who has figures?");
    const path = `/g/${groupId}/t/${topicId}`;

    const reader = await hall.person();
    await acceptInvite(reader, inviteLink, { name: "Bongani Nkosi", union: "", passphrase: null });
    await reader.page.waitForURL(`${hall.origin}/g/${groupId}`);
    await reader.page.getByRole("link", { name: /Night shifts/ }).click();

    const second = await ana.secondTab(path);
    await posts(second, "Who has figures?").waitFor();
    const texts: string[] = [];
    for (const round of ["one", "two", "three"]) {
      const [left, right] = [`from the first tab, ${round}`, `from the second tab, ${round}`];
      await Promise.all([write(ana, left), write(second, right)]);
      texts.push(left, right);
      for (const text of [left, right]) await posts(reader, text).waitFor();
    }
    // What stands unsent in one box stands in the other, and goes from both: nothing is sent twice.
    await writingBox(ana).fill("Begun in the first");
    await expect.poll(() => writingBox(second).inputValue(), { timeout: 30_000 }).toBe("Begun in the first");
    await button(second, "Send").click();
    texts.push("Begun in the first");
    await posts(reader, "Begun in the first").waitFor();
    await expect.poll(() => writingBox(ana).inputValue()).toBe("");
    await ana.page.close();
    await write(second, "and on, alone");
    texts.push("and on, alone");
    for (const text of texts) {
      for (const place of [reader, second]) {
        await posts(place, text).waitFor();
        expect([text, await posts(place, text).count()]).toEqual([text, 1]);
      }
    }
    expect(await reader.page.getByRole("article").count()).toBe(texts.length + 1);
    expect(await reader.page.getByText("This post does not count.").count()).toBe(0);
    await reader.go(`/g/${groupId}/about`);
    await reader.page.getByRole("heading", { name: "Rules" }).waitFor();
    expect(await reader.page.getByRole("heading", { name: "What was refused" }).count()).toBe(0);
    expect(await reader.page.getByRole("heading", { name: "What was noticed" }).count()).toBe(0);
  });
});
