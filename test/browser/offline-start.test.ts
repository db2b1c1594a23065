import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtClient, inHall } from "./browser-hall.ts";
import { type Person, phone, type Seen } from "./person.ts";
import { keptPaths, shellKept } from "./shell-kept.ts";
import { acceptInvite, beginTopic, button, foundGroup, invite, link, posts, setUp, write } from "./steps.ts";

const passphrase = "copper kettle orbit meadow";
const offline = "Offline. What is here stays readable.";

test("a phone that is started without a network opens what it holds, takes what is written, and sends it when there is one", async () => {
  await inHall("offline-start", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "", passphrase: null });
    const groupId = await foundGroup(ana, "Waste services");
    const inviteLink = await invite(ana, "instant");
    await link(ana, "Topics").click();
    const topicId = await beginTopic(ana, groupId, "Night shifts", "Who has **figures**?");
    const bongani = await hall.person({ size: phone });
    await acceptInvite(bongani, inviteLink, { name: "Bongani Nkosi", union: "", passphrase });
    await bongani.page.getByRole("link", { name: /Night shifts/ }).click();
    await posts(bongani, "Who has figures?").waitFor();
    await shellKept(bongani);
    const paths = await keptPaths(bongani.page);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => /^\/api|[?#]|\/g\/|join/.test(path.replace(/^\/assets\/join-page/, "")))).toEqual([]);

    await bongani.goOffline();
    await bongani.page.close();
    const again = await bongani.secondTab(`/g/${groupId}/t/${topicId}`);
    await unlock(again);
    await posts(again, "Who has figures?").waitFor();
    await again.page.getByText(again.say(offline)).waitFor();
    await write(again, "Written on the train.");
    await link(again, "Back to the group").click();
    await link(again, "Members").click();
    await again.page.getByText("Ana Duarte").first().waitFor();
    await again.page.reload();
    await unlock(again);
    await again.page.getByText("Ana Duarte").first().waitFor();
    await bongani.goOnline();
    await posts(ana, "Written on the train.").waitFor();
    expect(await posts(ana, "Written on the train.").count()).toBe(1);
  });
});

test("a newer program of the hall's is there at the next start, also without a network, and no older one stays for long", async () => {
  await using cleanUp = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "unionhall-client-"));
  cleanUp.defer(async () => await rm(folder, { recursive: true }));
  await cp(builtClient, folder, { recursive: true });
  await inHall(
    "newer-program",
    async (hall) => {
      const ana = await hall.person({ size: phone });
      await ana.go("/");
      await shellKept(ana);
      for (const build of ["second", "third", "fourth"]) {
        await rebuild(folder, build);
        await ana.page.reload();
        expect(await ana.page.locator("html").getAttribute("data-build")).toBe(build);
        await expect.poll(() => buildsKept(ana)).toContain(build);
        await shellKept(ana);
        await ana.goOffline();
        await ana.page.reload();
        await button(ana, "Look at it").waitFor();
        expect(await ana.page.locator("html").getAttribute("data-build")).toBe(build);
        await ana.goOnline();
      }
      expect(await buildsKept(ana)).toEqual(["third", "fourth"]);
    },
    folder,
  );
});

/** The same program with another page, as a new version of the hall would bring it. */
async function rebuild(folder: string, build: string): Promise<void> {
  const pages = join(folder, "index.html");
  const page = (await readFile(pages, "utf8")).replace(
    /<html[^>]*>/,
    `<html lang="en" translate="no" data-build="${build}">`,
  );
  const digest = createHash("sha256").update(page).digest("hex");
  const keeper = join(folder, "shell-keeper.js");
  const script = (await readFile(keeper, "utf8"))
    .replace(/"version":"[^"]*"/, `"version":"${build}"`)
    .replace(/"page":"[^"]*"/, `"page":"${digest}"`);
  await writeFile(pages, page);
  await writeFile(keeper, script);
  for (const path of [pages, keeper]) await rm(`${path}.br`, { force: true });
}

/** The builds in this browser, the oldest first. */
async function buildsKept({ page }: Person): Promise<readonly string[]> {
  return await page.evaluate(async () => {
    const names = await caches.keys();
    const whole: string[] = [];
    for (const name of names)
      if ((await (await caches.open(name)).match("/")) !== undefined) whole.push(name.replace("unionhall-shell ", ""));
    return whole;
  });
}

async function unlock(person: Seen): Promise<void> {
  await person.page.getByLabel(person.say("Passphrase"), { exact: true }).fill(passphrase);
  await button(person, "Open").click();
}
