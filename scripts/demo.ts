// `npm run demo`: a hall filled with made-up members, groups and posts, to be walked through. Data lies in `data/demo`.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readSettings, startHall, StartError } from "@unionhall/server";
import { type Entrances, openDemonstration } from "./demo/demonstration.ts";

const settings = readSettings({ PORT: "8090", DATA_DIR: "data/demo", ...given(process.env) });
const { dataFolder } = settings.config;
const began = Date.now();
const asked = Promise.withResolvers<null>();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => asked.resolve(null));

process.exitCode = await run();
// Also when something of a member's program did not come to rest.
process.stdout.write("", () => process.exit());

async function run(): Promise<number> {
  try {
    return await show();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`unionhall: ${error.message}\n`);
    return 1;
  }
}

async function show(): Promise<number> {
  await using stack = new AsyncDisposableStack();
  step("starting the hall and its database …");
  const hall = await startHall(settings, { print: () => {}, log: { write: toLogFile }, rateLimits: false });
  stack.defer(async () => {
    await hall.stop();
  });
  const opening = openDemonstration(hall, dataFolder, step, stack);
  const entrances = await Promise.race([opening, asked.promise, hall.failed]);
  if (entrances === null) {
    // Cut short on purpose: what fails from here on fails because of that.
    opening.catch(() => {});
    return stopped();
  }
  if (typeof entrances !== "string") {
    print(welcome(hall.origin, entrances));
    const ended = await Promise.race([asked.promise, hall.failed]);
    if (ended === null) return stopped();
  }
  process.stderr.write("unionhall: the built-in database ended by itself; start the demonstration again\n");
  return 1;
}

function stopped(): number {
  step("stopping; the next `npm run demo` goes on from here");
  return 0;
}

function welcome(origin: string, { accounts, inviteLink, groupName }: Entrances): string {
  const { port } = new URL(origin);
  const people = accounts.flatMap(({ who, words }) => [`    ${who.name}`, `      ${words}`, ""]);
  return [
    "",
    `The demonstration is open at ${origin}`,
    "Everybody in it is made up, and so is everything they write. Real words are never shown to anybody: these are, because",
    "behind them is no person. Do not write anything here that matters.",
    "",
    `  Enter as somebody who is already in: open ${origin}/recover and type the words of`,
    "",
    ...people,
    "  (two browsers, or one and a private window, and the two talk to each other; Demo Ana finds a request to approve in OSH)",
    "",
    ...(inviteLink === null
      ? [`  There is no invite to "${groupName}" any more: its founder cannot make one.`]
      : [`  Or come in as somebody new, straight into "${groupName}":`, "", `    ${inviteLink}`]),
    "",
    ...(origin.startsWith("https:")
      ? ["  On a phone the same links work."]
      : [
          "  On a phone: browsers give cryptography only to https and to their own machine. With an Android phone on a cable",
          `  \`adb reverse tcp:${port} tcp:${port}\` makes the same links work on it; otherwise put an https address before this hall`,
          "  and say it with PUBLIC_URL=https://… npm run demo. Without either, a browser's view for phones (360 px) shows the same.",
        ]),
    "",
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

function step(text: string): void {
  print(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The server's log stays out of the way of what is read here. */
function toLogFile(line: string): void {
  mkdirSync(dataFolder, { recursive: true });
  appendFileSync(join(dataFolder, "demo.log"), line);
}

/** Variables that say something: an empty one counts as none. */
function given(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => (value ?? "").trim() !== ""));
}
