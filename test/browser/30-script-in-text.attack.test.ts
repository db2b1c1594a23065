import { expect, test } from "vitest";
import { inHall } from "./browser-hall.ts";
import { desktop, type Person } from "./person.ts";
import {
  acceptInvite,
  beginTopic,
  checkWords,
  foundGroup,
  heading,
  invite,
  link,
  posts,
  setUp,
  write,
} from "./steps.ts";

/** Runs in any page that makes an element of it: a dialog and a request are both noticed. */
const bomb = `<img src=x onerror=alert(1)>`;
const names = {
  mallory: `${bomb}Mallory`,
  union: `<script>alert(2)</script>U`,
  note: `<svg onload=alert(3)>note`,
  group: `<iframe srcdoc="<script>parent.alert(4)</script>">Group`,
  invite: `"><img src=https://evil.example/i.png>invite`,
  title: `</title><script>alert(5)</script>Title`,
} as const;

const markdown = [
  `${bomb} begin`,
  "",
  `<script>fetch("https://evil.example/script")</script>`,
  "",
  `<a href="javascript:alert(6)">raw link</a>`,
  "",
  `[script link](javascript:alert(7)) [Data link](data:text/html,<script>alert(8)</script>) [Tabbed](java&#9;script:alert(9))`,
  "",
  `![a picture](https://evil.example/picture.png) ![own picture](/favicon.svg) ![data](data:image/svg+xml,<svg onload=alert(10)>)`,
  "",
  `<javascript:alert(11)> <https://evil.example/auto> https://evil.example/bare [web](https://evil.example/web "t<b>i</b>tle")`,
  "",
  "[by reference][evil] ![pictured][evil]",
  "",
  "[evil]: javascript:alert(12)",
  "",
  "```html",
  "<script>alert(13)</script>",
  "```",
  "",
  `| a | b |`,
  `|---|---|`,
  `| <style>*{display:none}</style> | <b onmouseover=alert(14)>cell</b> |`,
  "",
  "the end",
].join("\n");

test("attack 30: script in names, notes, titles and Markdown is shown as text: nothing runs, nothing is fetched", async () => {
  await inHall("script-in-text", async (hall) => {
    const ana = await hall.person();
    await setUp(ana, hall.setupLink, { name: `${bomb}Ana`, union: names.union, passphrase: null });
    const groupId = await foundGroup(ana, names.group);
    const inviteLink = await invite(ana, "approval", names.invite);

    const mallory = await hall.person({ size: desktop });
    const scripts = await mallory.page.locator("script").count();
    expect(scripts).toBe(0);
    await acceptInvite(mallory, inviteLink, {
      name: names.mallory,
      union: names.union,
      passphrase: null,
      note: names.note,
    });
    await checkWords(mallory);
    await ana.page.getByText(names.note).waitFor();
    await expectInert(ana, [names.mallory, names.union, names.note, names.invite, names.group]);
    await ana.page.getByRole("button", { name: `Let ${names.mallory} in` }).click();
    await mallory.page.waitForURL(`${hall.origin}/g/${groupId}`);

    await link(mallory, "New topic").waitFor();
    const topicId = await beginTopic(mallory, groupId, names.title, markdown);
    await expectPost(mallory);
    await mallory.page.getByRole("textbox").last().fill(markdown);
    await mallory.page.getByRole("button", { name: "Preview" }).click();
    await mallory.page.getByRole("group", { name: "Preview" }).getByText("the end").waitFor();
    await expectInert(mallory, [names.title, names.group, "alert(13)"]);
    await mallory.page.getByRole("button", { name: "Edit" }).click();
    await mallory.page.getByRole("button", { name: "Quote" }).click();
    await mallory.page.getByRole("button", { name: "Send" }).click();

    await ana.go(`/g/${groupId}/t/${topicId}`);
    await expectPost(ana);
    await expectInert(ana, [names.title, names.group, names.mallory, names.union]);
    await ana.page.locator(`article a[href^="https://evil.example"]`).first().hover();
    for (const [place, screen] of [
      ["/members", "Members"],
      ["/about", "About the group"],
      ["/invites", "Invites"],
    ] as const) {
      await ana.go(`/g/${groupId}${place}`);
      await heading(ana, screen).first().waitFor();
      await expectInert(ana, [names.group]);
    }
    await ana.go("/");
    await heading(ana, "Your groups").waitFor();
    await expectInert(ana, [names.group]);
    await write(mallory, "still here");
    await posts(mallory, "still here").first().waitFor();
  });
});

async function expectPost({ page }: Person): Promise<void> {
  await page.getByRole("article").getByText("the end").first().waitFor();
  // A table's text is there a moment after it is laid out.
  const shown = (): Promise<string> => page.getByRole("article").first().innerText();
  for (const text of [
    bomb,
    `fetch("https://evil.example/script")`,
    "alert(13)",
    "raw link",
    "script link",
    "Data link",
  ])
    await expect.poll(shown).toContain(text);
}

/** The texts stand there as texts; no element was made of any; links lead only to the web, by themselves and without saying from where. */
async function expectInert({ page }: Person, texts: readonly string[]): Promise<void> {
  for (const text of texts) await page.getByText(text).first().waitFor();
  const made = await page.evaluate(() => ({
    elements: document.querySelectorAll(
      "#root :is(img, script, iframe, style, object, embed, form[action], video, audio, link, base, [onerror], [onload], [onmouseover], [style*=url])",
    ).length,
    scripts: [...document.scripts].filter(({ src }) => !src.startsWith(`${location.origin}/assets/`)).length,
    links: [...document.querySelectorAll<HTMLAnchorElement>("#root a")]
      .filter(({ origin }) => origin !== location.origin)
      .filter(({ href, rel }) => !/^(https?|mailto):/.test(href) || !/noopener/.test(rel) || !/noreferrer/.test(rel))
      .map(({ outerHTML }) => outerHTML),
  }));
  expect(made).toEqual({ elements: 0, scripts: 0, links: [] });
  expect(await page.title()).not.toMatch(/Title|Group|Mallory/);
}
