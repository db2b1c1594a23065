import { bareStatement, headOf, sealRecord } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { Member } from "../world/member.ts";
import { junk, OwnProgram } from "../world/own-program.ts";
import { WorldClock } from "../world/world-clock.ts";
import { inHall } from "./browser-hall.ts";
import { phone } from "./person.ts";
import { beginTopic, button, foundGroup, heading, invite, link, posts, setUp, write, writingBox } from "./steps.ts";

test("a post that fails a check is listed with the reason and shown in no topic; one too long to send says so and keeps its text", async () => {
  await inHall("what-does-not-count", async (hall) => {
    const ana = await hall.person({ size: phone });
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "instant");
    await link(ana, "Back to the group").click();
    const topicId = await beginTopic(ana, groupId, "Night shifts", "Who has figures?");

    const mole = new Member(hall.origin, "Mole", new WorldClock());
    await using cleanUp = new AsyncDisposableStack();
    cleanUp.defer(async () => await mole.close());
    const profile = { name: "Mole", union: null, country: null, languages: [] };
    await mole.hall.session.register({ link: inviteLink, profile, lock: { kind: "none" }, wordLanguage: "en" });
    await mole.join(inviteLink);
    await mole.whenIn(groupId);
    await mole.hall.settled();
    await writeOfAnotherChain(mole, groupId, topicId, "I was always here.");
    await link(ana, "Back to the group").click();
    await ana.page.getByText("The server has shown this group in two different versions.").waitFor();
    await link(ana, "About").click();
    await heading(ana, "What was refused").waitFor();
    const refused = ana.page
      .getByRole("listitem")
      .filter({ hasText: "It was written in another version of this group" });
    await refused.getByText("Mole").waitFor();
    await link(ana, "Back to the group").click();
    await ana.page.getByRole("link", { name: /Night shifts/ }).click();
    await posts(ana, "Who has figures?").waitFor();
    expect(await posts(ana, "I was always here.").count()).toBe(0);

    // Too long to be kept even as a draft: that does not hide why it is not sent.
    await writingBox(ana).fill("too long ".repeat(120_000));
    const alert = ana.page.getByRole("alert");
    await alert.filter({ hasText: "What you wrote could not be kept on this device." }).waitFor();
    await button(ana, "Send").click();
    await alert.filter({ hasText: "This text is too long for one post." }).waitFor();
    const long = "too long ".repeat(10_000);
    await write(ana, long);
    await ana.page.getByRole("alert").filter({ hasText: "This text is too long for one post." }).waitFor();
    expect(await writingBox(ana).inputValue()).toBe(long);
    await link(ana, "Back to the group").click();
    await ana.page.getByRole("link", { name: /Night shifts/ }).click();
    await expect.poll(async () => (await writingBox(ana).inputValue()).length).toBe(long.length);
    await write(ana, "short enough");
    await posts(ana, "short enough").getByRole("button", { name: "Quote" }).waitFor();
    expect(await ana.page.getByRole("alert").count()).toBe(0);
  });
});

/** A record as no honest program makes it: signed by its author, with the head of a chain that nobody has seen. */
async function writeOfAnotherChain(mole: Member, groupId: string, topicId: string, text: string): Promise<void> {
  const { account, clock, vault } = await mole.parts();
  const device = account.device.signing;
  const group = await mole.group(groupId);
  using program = await OwnProgram.of(mole, groupId);
  const sealed = await group.held.change(async (draft) => {
    const keys = draft.recordKeys(program.era);
    const head = headOf(draft.state);
    if (keys === null || head === null) throw new TypeError("the mole is in");
    return sealRecord(
      {
        body: { kind: "post", text, reply: null, mentions: [], files: [] },
        topic: new Uint8Array(Buffer.from(topicId, "hex")),
        target: null,
        era: program.era,
        expires: null,
        author: account.identityKey,
        statement: bareStatement(account.device.statement),
        number: draft.stored.own.number + 1,
        previous: draft.stored.own.acknowledged,
        seen: draft.stored.seen,
        head: { index: head.index, hash: junk(32) },
        vaultVersion: vault.version(),
        time: clock.now(),
        salt: junk(16),
      },
      device,
      keys,
    );
  });
  if (sealed.kind === "refused") throw new TypeError(sealed.reason);
  await program.socket.expect("appended", { kind: "append", group: group.groupId, records: [sealed.record] });
}
