import { deepEqual, ok } from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "../../scripts/chromium.mjs";
import { readSettings, type RunningHall, startHall } from "../../server/src/index.ts";
import { createTestDatabases } from "../../server/src/testing/test-databases.ts";
import { Line } from "./line.ts";
import { desktop, Person } from "./person.ts";
import type { Tongue } from "./say.ts";

/** The client as it was built last. */
export const builtClient = fileURLToPath(new URL("../../client/dist", import.meta.url));
const seenWhenFailed = fileURLToPath(new URL("../../test-results/browser/", import.meta.url));

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The browser's own questions to its maker about forms.
  "--disable-features=AutofillServerCommunication",
];

export interface PersonOptions {
  readonly size?: { readonly width: number; readonly height: number };
  readonly language?: Tongue;
  readonly colours?: "light" | "dark";
}

/** A real hall on a real database, open to real browsers. */
export class BrowserHall {
  readonly origin: string;
  readonly setupLink: string;
  readonly people: Person[] = [];
  readonly #browser: Browser;

  constructor(hall: RunningHall, browser: Browser) {
    if (hall.setupLink === null) throw new TypeError("a new hall has no account");
    this.origin = hall.origin;
    this.setupLink = hall.setupLink;
    this.#browser = browser;
  }

  /** A profile that was never here, in a browser of this size. */
  async person({ size = desktop, language = "en", colours = "light" }: PersonOptions = {}): Promise<Person> {
    const line = new Line(new URL(this.origin).host);
    const context = await this.#browser.newContext({
      viewport: size,
      locale: language === "en" ? "en-GB" : language,
      colorScheme: colours,
      hasTouch: size.width < 600,
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
      // Without this mark Chromium goes to localhost past any proxy.
      proxy: { server: await line.open(), bypass: "<-loopback>" },
    });
    context.setDefaultTimeout(45_000);
    const person = await Person.inContext(this.origin, line, context, language);
    this.people.push(person);
    return person;
  }

  /** Nobody's browser saw anything that must not be. */
  expectNoComplaints(): void {
    ok(this.people.length > 0);
    for (const person of this.people) {
      ok(person.line.sent.length > 3);
      deepEqual(person.complaints(), []);
    }
  }
}

/**
 * Runs a story in a new hall. At its end nobody's browser may have complained. When it fails, what everybody had on the screen lies in
 * `test-results/browser`.
 */
export async function inHall(
  name: string,
  story: (hall: BrowserHall) => Promise<void>,
  clientFolder = builtClient,
): Promise<void> {
  if (!existsSync(`${clientFolder}/index.html`))
    throw new Error("the client is not built: run `node scripts/prepare.mjs client`, or `npm test`, which does");
  await using cleanUp = new AsyncDisposableStack();
  const databases = cleanUp.use(await createTestDatabases());
  const { config } = readSettings({ PORT: "0" });
  const hall = await startHall(
    { config, secrets: { databaseUrls: databases.urls } },
    { print: () => undefined, rateLimits: false, clientFolder, log: { write: () => undefined } },
  );
  cleanUp.defer(async () => await hall.stop());
  const browser = await chromium.launch({ executablePath: chromiumPath(), args, headless: true });
  cleanUp.defer(async () => await browser.close());
  const open = new BrowserHall(hall, browser);
  cleanUp.defer(async () => {
    for (const person of open.people) await person[Symbol.asyncDispose]();
  });
  try {
    await story(open);
    open.expectNoComplaints();
  } catch (error) {
    await keepScreens(name, open.people);
    const complaints = open.people.flatMap((person, index) =>
      person.complaints().map((words) => `${index + 1} ${words}`),
    );
    throw complaints.length === 0
      ? error
      : new Error(`besides, browsers complained:\n${complaints.join("\n")}`, { cause: error });
  }
}

async function keepScreens(name: string, people: readonly Person[]): Promise<void> {
  mkdirSync(seenWhenFailed, { recursive: true });
  for (const [index, { page }] of people.entries()) {
    const path = `${seenWhenFailed}${name.replaceAll(/\W+/g, "-")}-${index + 1}.png`;
    await page.screenshot({ path, timeout: 10_000 }).catch(() => undefined);
  }
}

/** What axe finds on the screen, one line each. */
export async function barriers({ page }: Person): Promise<readonly string[]> {
  // The page keeps axe until it is loaded again; without frames, of which there are none, axe need not open a page of its own each time.
  const isThere = await page.evaluate(() => "axe" in globalThis);
  const axe = new AxeBuilder(isThere ? { page, axeSource: ";" } : { page }).setLegacyMode();
  const { violations, passes } = await axe.options({ resultTypes: ["violations"] }).analyze();
  ok(passes.length > 5);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
