import type { BrowserContext, Page } from "playwright-core";
import type { Line } from "./line.ts";
import { type Say, speaker, type Tongue } from "./say.ts";

export const desktop = { width: 1440, height: 900 } as const;
export const phone = { width: 360, height: 740 } as const;

/** The network's own complaints: they belong where the line was cut, and nowhere else. */
const networkFailed = /net::ERR_|WebSocket connection to|TypeError: Failed to fetch/;

/** One tab of somebody's, and the words in it. */
export interface Seen {
  readonly page: Page;
  /** The interface's words in this person's language, by their English form. */
  readonly say: Say;
}

/** Somebody with a browser profile and a line of their own, who sees and does what a person can. */
export class Person implements Seen, AsyncDisposable {
  readonly origin: string;
  readonly line: Line;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly say: Say;
  readonly #complaints: string[] = [];
  #wasOffline = false;

  private constructor(origin: string, line: Line, context: BrowserContext, page: Page, say: Say) {
    this.origin = origin;
    this.line = line;
    this.context = context;
    this.page = page;
    this.say = say;
    context.on("console", (message) => {
      if (message.type() === "error") this.#complaints.push(`console: ${message.text()} ${message.location().url}`);
    });
    context.on("weberror", (error) => this.#complaints.push(`uncaught: ${String(error.error())}`));
    context.on("dialog", (dialog) => {
      this.#complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  static async inContext(origin: string, line: Line, context: BrowserContext, language: Tongue): Promise<Person> {
    const violations: string[] = [];
    await context.exposeBinding("complainOfPolicy", (_source, words: string) => violations.push(words));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        const complain: unknown = Reflect.get(globalThis, "complainOfPolicy");
        if (typeof complain === "function") complain(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    const person = new Person(origin, line, context, await context.newPage(), await speaker(language));
    person.#violations = violations;
    return person;
  }

  #violations: readonly string[] = [];

  /**
   * What no page may ever cause: errors on the console, uncaught ones, policy violations, requests to anybody but the hall, a Referer, an
   * address that still shows what stands after `#`. Empty when all is well.
   */
  complaints(): readonly string[] {
    const ofConsole = this.#complaints.filter((words) => !(this.#wasOffline && networkFailed.test(words)));
    const referers = this.line.sent.flatMap(({ url, headers }) => {
      const { referer } = headers;
      // The browser's own look for a newer service worker names that one to itself.
      const ofItself = url.endsWith("/shell-keeper.js") && referer === url;
      return referer === undefined || ofItself ? [] : [`referer: ${url} was told ${String(referer)}`];
    });
    const addresses = this.context
      .pages()
      .filter((page) => page.url().includes("#"))
      .map((page) => `address: ${page.url()}`);
    const marks = this.line.sent.filter(({ url }) => url.includes("#")).map(({ url }) => `asked for: ${url}`);
    return [
      ...ofConsole,
      ...this.#violations.map((words) => `policy: ${words}`),
      ...this.line.strays.map((host) => `stray: ${host}`),
      ...referers,
      ...addresses,
      ...marks,
    ];
  }

  /** Goes to a place of the hall by its path, loading the page anew. */
  async go(path: string): Promise<void> {
    await this.page.goto(this.origin + path);
  }

  /** A further tab of the same browser. */
  async secondTab(path: string): Promise<Seen> {
    const page = await this.context.newPage();
    await page.goto(this.origin + path);
    return { page, say: this.say };
  }

  async goOffline(): Promise<void> {
    this.loseTheHall();
    await this.context.setOffline(true);
  }

  /** The hall cannot be reached, and the browser does not know why: it takes the network for there. Ends with `goOnline`. */
  loseTheHall(): void {
    this.#wasOffline = true;
    this.line.cut();
  }

  async goOnline(): Promise<void> {
    this.line.mend();
    await this.context.setOffline(false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    await this.line[Symbol.asyncDispose]();
  }
}
