import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { phone } from "./person.ts";
import { checkWords, foundGroup, invite, link, posts, setUp, write } from "./steps.ts";

const run = promisify(execFile);
const project = fileURLToPath(new URL("../../", import.meta.url));

/** One command in a home of its own, through npx as people start it. */
async function unionhall(home: string, ...argv: readonly string[]): Promise<unknown> {
  const started = run("npx", ["--no-install", "unionhall", "--home", home, "--json", ...argv], { cwd: project });
  const { stdout } = await started;
  return JSON.parse(stdout) as unknown;
}

test("a browser and a command-line home talk through an invite link", async () => {
  const home = await mkdtemp(join(tmpdir(), "unionhall-home-"));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(async () => await rm(home, { recursive: true }));
  await inHall("command-line", async (hall) => {
    const ana = await hall.person({ size: phone });
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "approval");
    expect(await unionhall(home, "join", inviteLink, "--name", "Minutes Bot")).toMatchObject({
      groupId,
      status: "waiting",
    });
    await checkWords(ana);
    await ana.page.getByRole("button", { name: "Let Minutes Bot in" }).click();
    expect(await unionhall(home, "join", inviteLink, "--name", "Minutes Bot", "--wait", "60")).toMatchObject({
      groupId,
      status: "member",
    });
    const { topicId } = topicIn(await unionhall(home, "topic", groupId, "Minutes", "--text", "Of **Monday**."));

    await link(ana, "Back to the group").click();
    await ana.page.getByRole("link", { name: /Minutes/ }).click();
    await posts(ana, "Of Monday.").waitFor();
    await write(ana, "Point three is missing.");
    await posts(ana, "Point three is missing.").getByRole("button", { name: "Quote" }).waitFor();
    expect(await unionhall(home, "read", groupId, topicId)).toMatchObject({
      title: "Minutes",
      posts: [{ text: "Of **Monday**." }, { text: "Point three is missing.", author: "Ana Duarte", status: "sent" }],
    });
    await unionhall(home, "post", groupId, topicId, "--text", "Added.");
    await posts(ana, "Added.").waitFor();
  });
});

function topicIn(answer: unknown): { readonly topicId: string } {
  const topicId: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "topicId") : null;
  if (typeof topicId !== "string") throw new TypeError("a topic has an id");
  return { topicId };
}
