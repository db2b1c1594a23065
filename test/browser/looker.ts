import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { barriers } from "./browser-hall.ts";
import { desktop, type Person, phone } from "./person.ts";
import type { Tongue } from "./say.ts";
import type { Look } from "./steps.ts";

const pictures = fileURLToPath(new URL("../../test-results/screens/", import.meta.url));
/** SCREENS=1 looks with axe in both sizes, and leaves a picture of everything in `test-results/screens`. */
export const everywhere = process.env["SCREENS"] === "1";

export interface Manner {
  readonly language: Tongue;
  readonly colours: "light" | "dark";
  /** Where axe looks when it does not look everywhere. */
  readonly size: typeof desktop | typeof phone;
}

/** Looks at screens, in the size of a desk and of a phone, and notes what is wrong with them. */
export class Looker {
  readonly wrong: string[] = [];
  readonly seen = new Set<string>();
  readonly #manner: Manner;

  constructor(manner: Manner) {
    this.#manner = manner;
    if (everywhere) mkdirSync(pictures, { recursive: true });
  }

  /** How somebody's screens are looked at: a screen that goes away when its size changes only `asItIs`. */
  of(person: Person, prefix = ""): { readonly look: Look; readonly asItIs: Look } {
    const { page } = person;
    const own = page.viewportSize() ?? desktop;
    const asItIs: Look = async (screen) => {
      this.seen.add(prefix + screen);
      await this.#notice(person, prefix + screen, true);
    };
    const look: Look = async (screen) => {
      this.seen.add(prefix + screen);
      for (const size of [desktop, phone]) {
        await page.setViewportSize(size);
        await this.#notice(person, prefix + screen, everywhere || size.width === this.#manner.size.width);
      }
      await page.setViewportSize(own);
    };
    return { look, asItIs };
  }

  async #notice(person: Person, screen: string, withAxe: boolean): Promise<void> {
    const { page, say } = person;
    // What is on its way belongs to the screen.
    await page.getByText(say("One moment…")).first().waitFor({ state: "detached" });
    // The list hides a post until it knows how tall it is.
    await page.waitForFunction(() =>
      [...document.querySelectorAll("article")].every((post) => getComputedStyle(post).visibility === "visible"),
    );
    const width = page.viewportSize()?.width ?? 0;
    for (const words of await page.evaluate(tooWide)) this.wrong.push(`${screen} at ${width}: ${words}`);
    if (withAxe) for (const words of await barriers(person)) this.wrong.push(`${screen} at ${width}: ${words}`);
    if (!everywhere) return;
    const { language, colours } = this.#manner;
    await page.screenshot({ path: `${pictures}${screen}-${language}-${colours}-${width}.png` });
  }
}

/** What holds more than it is wide, so that it scrolls sideways or cuts something off. Runs in the page. */
async function tooWide(): Promise<readonly string[]> {
  // A new size is answered in the frame that follows it.
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  const found: string[] = [];
  for (const box of document.querySelectorAll("*")) {
    const { overflowX } = getComputedStyle(box);
    if (overflowX === "visible" && box !== document.documentElement) continue;
    // What is only heard is a point; tables and verbatim text scroll by themselves, which is meant.
    if (box.clientWidth <= 1 || box.matches("[role=group]:has(> table, > pre)")) continue;
    const over = box.scrollWidth - box.clientWidth;
    if (over > 0) found.push(`${over}px too wide: ${(box.cloneNode() as Element).outerHTML}`);
  }
  return found;
}
