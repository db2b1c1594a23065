import { expect, test } from "vitest";
import { type BrowserHall, inHall } from "./browser-hall.ts";
import { Looker, type Manner } from "./looker.ts";
import { desktop, type Person, phone } from "./person.ts";
import { button, foundGroup, setUp } from "./steps.ts";

interface Kept {
  readonly vault: string;
  readonly tag: string;
}

/** Between this person and a hall that can be put back to the first vault it gave out: it then answers as if it had no other. */
async function vaultLine({ context }: Person): Promise<{ readonly goBack: () => void }> {
  let [first, newestTag, isBack]: [Kept | null, string, boolean] = [null, "", false];
  await context.route("**/api/account/vault", async (route) => {
    const request = route.request();
    if (request.method() === "GET") {
      if (isBack && first !== null) return route.fulfill({ json: first });
      const response = await route.fetch();
      const kept: Kept = await response.json();
      newestTag = kept.tag;
      if (kept.vault !== null) first ??= kept;
      return route.fulfill({ response });
    }
    const body: { vault: string; replaces: string | null } = request.postDataJSON();
    const replaces = isBack ? newestTag : body.replaces;
    const response = await route.fetch({ postData: { ...body, replaces } });
    isBack = false;
    if (response.ok()) ({ tag: newestTag } = await response.json());
    return route.fulfill({ response });
  });
  return { goBack: () => (isBack = true) };
}

async function look(hall: BrowserHall, manner: Manner): Promise<readonly string[]> {
  const ana = await hall.person({ size: manner.size, language: manner.language, colours: manner.colours });
  const line = await vaultLine(ana);
  await setUp(ana, hall.setupLink, { name: "Ana Duarte", union: "STAL", passphrase: null });
  await foundGroup(ana, "Waste services");
  line.goBack();
  await ana.page.goto(hall.origin);
  const understood = button(ana, "Understood");
  await understood.waitFor();
  const looker = new Looker(manner);
  await looker.of(ana).look("old-vault");
  await understood.click();
  await understood.waitFor({ state: "detached" });
  return looker.wrong;
}

const manners: readonly Manner[] = [
  { language: "en", colours: "light", size: desktop },
  { language: "ar", colours: "dark", size: phone },
];

test.each(manners)(
  "an older copy of the account is said at home until it was read: $language, $colours",
  async (manner) => {
    await inHall(`old vault ${manner.language}`, async (hall) => expect(await look(hall, manner)).toEqual([]));
  },
);
