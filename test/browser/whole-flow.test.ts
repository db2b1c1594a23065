import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { phone } from "./person.ts";
import {
  acceptInvite,
  beginTopic,
  button,
  checkWords,
  foundGroup,
  heading,
  invite,
  posts,
  setUp,
  write,
} from "./steps.ts";

const passphrase = "copper kettle orbit meadow";

test("a group is founded on a desk, joined by link on a phone, and both talk, through reload, offline and removal", async () => {
  await inHall("whole-flow", async (hall) => {
    const desk = await hall.person();
    await setUp(desk, hall.setupLink, { name: "Ana Duarte", union: "STAL", passphrase });
    const groupId = await foundGroup(desk, "Waste services");
    const inviteLink = await invite(desk, "approval", "for Bongani");

    const mobile = await hall.person({ size: phone });
    await acceptInvite(mobile, inviteLink, {
      name: "Bongani Nkosi",
      union: "SAMWU",
      passphrase: null,
      note: "From Durban",
    });
    await heading(mobile, "Your request is with the facilitators").waitFor();
    const said = await checkWords(mobile);
    expect(said).toHaveLength(4);

    await desk.page.getByText("From Durban").waitFor();
    expect(await checkWords(desk)).toEqual(said);
    await desk.page.getByRole("button", { name: "Let Bongani Nkosi in" }).click();
    await mobile.page.waitForURL(`${hall.origin}/g/${groupId}`);
    await mobile.page.getByRole("heading", { name: "Waste services" }).waitFor();

    await desk.page.getByRole("link", { name: "Topics" }).click();
    const topicId = await beginTopic(desk, groupId, "Night shifts", "Who has figures on **night shifts**?");
    await mobile.page.getByRole("link", { name: /Night shifts/ }).click();
    await posts(mobile, "Who has figures on night shifts?").waitFor();
    await write(mobile, "Durban has some.");
    await posts(desk, "Durban has some.").waitFor();
    await write(desk, "Please post them.");
    await posts(mobile, "Please post them.").waitFor();

    await desk.page.reload();
    await desk.page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
    await button(desk, "Open").click();
    await mobile.page.reload();
    for (const person of [desk, mobile]) {
      await posts(person, "Please post them.").waitFor();
      await posts(person, "Durban has some.").waitFor();
    }

    await write(desk, "Still there?");
    await posts(mobile, "Still there?").waitFor();
    await mobile.goOffline();
    await mobile.page.getByText("Offline. What is here stays readable.").waitFor();
    await write(mobile, "Written without a network.");
    await posts(mobile, "Written without a network.").getByText("Kept here, sent when the network is back").waitFor();
    await mobile.goOnline();
    await posts(desk, "Written without a network.").waitFor();
    await posts(mobile, "Written without a network.").getByRole("button", { name: "Quote" }).waitFor();
    await write(desk, "It has arrived.");
    await posts(mobile, "It has arrived.").waitFor();
    for (const person of [desk, mobile]) expect(await posts(person, "Written without a network.").count()).toBe(1);

    await desk.page.getByRole("link", { name: "Invites" }).first().click();
    await heading(desk, "Invite people").waitFor();
    const instant = await invite(desk, "instant");
    const third = await hall.person({ size: phone });
    await acceptInvite(third, instant, { name: "Chidi Okafor", union: "", passphrase: null });
    await third.page.waitForURL(`${hall.origin}/g/${groupId}`);
    await third.page.getByRole("link", { name: /Night shifts/ }).click();
    await posts(third, "Durban has some.").waitFor();
    await write(third, "I read it all from the beginning.");
    await posts(mobile, "I read it all from the beginning.").waitFor();

    await desk.page.getByRole("link", { name: "Members" }).first().click();
    await desk.page.getByRole("button", { name: "What to do about Bongani Nkosi" }).click();
    await desk.page.getByRole("menuitem", { name: "Remove from the group…" }).click();
    await desk.page.getByRole("button", { name: "Remove Bongani Nkosi" }).click();
    await mobile.page.getByText("has removed you from this group").first().waitFor();
    await expect.poll(() => mobile.page.locator("textarea").count()).toBe(0);
    expect(await button(mobile, "Send").count()).toBe(0);
    await desk.go(`/g/${groupId}/t/${topicId}`);
    await desk.page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
    await button(desk, "Open").click();
    await posts(desk, "I read it all from the beginning.").waitFor();
    await write(desk, "After the removal.");
    await posts(third, "After the removal.").waitFor();
    expect(await posts(mobile, "After the removal.").count()).toBe(0);
  });
});
