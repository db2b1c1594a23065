import { readSettings } from "./config.ts";
import { StartError } from "./start-error.ts";
import { type RunningHall, startHall } from "./start-hall.ts";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`unionhall: ${line}\n`);
}

/**
 * Runs a hall until SIGTERM or SIGINT and ends the process: status 0 after a clean stop, 1 when the hall cannot start (one line on standard
 * error says why) or its database ends by itself.
 */
export async function runHall(): Promise<never> {
  let hall: RunningHall;
  const asked = stopAsked();
  try {
    hall = await startHall(readSettings(process.env), { print: say });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    complain(error.message);
    process.exit(1);
  }
  const ended = await Promise.race([asked.then(() => null), hall.failed]);
  if (ended !== null)
    complain(`the built-in database ended by itself (${ended || "without a word"}); start the hall again`);
  await hall.stop();
  process.exit(ended === null ? 0 : 1);
}

/** Settles at the first of the two signals; also at one that comes while the hall still starts. */
async function stopAsked(): Promise<void> {
  await new Promise<void>((done) => {
    process.on("SIGTERM", done);
    process.on("SIGINT", done);
  });
}
