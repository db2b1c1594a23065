import { readSettings } from "./config.ts";
import { npmGone } from "./npm-above.ts";
import { StartError } from "./start-error.ts";
import { type RunningHall, startHall } from "./start-hall.ts";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`unionhall: ${line}\n`);
}

/** Below the 30 seconds after which Docker kills (`stop_grace_period`); above the ten that requests under way are given. */
const stopMilliseconds = 20_000;

/** Whatever still does not come to its end by then is left: most likely a database that no longer answers. */
function endInTime(): void {
  setTimeout(() => {
    complain(
      `the hall could not close everything within ${stopMilliseconds / 1000} seconds, most likely because its database does not answer; it ends now, and nothing that was acknowledged is lost`,
    );
    process.exit(1);
  }, stopMilliseconds);
}

/**
 * Runs a hall until it is asked to stop (SIGTERM, Ctrl-C, a closed terminal, the end of the npm that started it) and ends the process: status 0 after a clean stop, 1 when the hall cannot start (one line on standard
 * error says why), its database ends by itself, or it cannot close in time.
 */
export async function runHall(): Promise<never> {
  let hall: RunningHall;
  const stop = new AbortController();
  const asked = stopAsked().then(() => {
    // Also while the hall still starts.
    endInTime();
    stop.abort();
    return null;
  });
  try {
    hall = await startHall(readSettings(process.env), { print: say, stopAsked: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) process.exit(0);
    if (!(error instanceof StartError)) throw error;
    complain(error.message);
    process.exit(1);
  }
  const ended = await Promise.race([asked, hall.failed]);
  if (ended !== null) {
    complain(`the built-in database ended by itself (${ended || "without a word"}); start the hall again`);
    endInTime();
  }
  await hall.stop();
  process.exit(ended === null ? 0 : 1);
}

/** Settles at the first of these; also at one that comes while the hall still starts. */
async function stopAsked(): Promise<void> {
  const signalled = new Promise<void>((done) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => done());
  });
  await Promise.race([signalled, npmGone(process.env)]);
}
