import { commandLineOf, parentOf } from "./database/process-table.ts";

const intervalMilliseconds = 250;

/**
 * Settles when the npm that started this process has gone without a word (`kill -9`), or the shell between the two, which passes no signal
 * on: whoever held npm's process id thinks that the hall has ended. Never settles where npm did not start it: under a supervisor, in a
 * container, behind `nohup node …`.
 */
export async function npmGone(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const above = environment["npm_lifecycle_event"] === undefined ? [] : npmAbove();
  await new Promise<void>((done) => {
    if (above.length === 0) return;
    const timer = setInterval(() => {
      if (isAbove(above)) return;
      clearInterval(timer);
      done();
    }, intervalMilliseconds);
    timer.unref();
  });
}

/** The processes from our parent up to npm; none where npm is neither parent nor grandparent. */
function npmAbove(): readonly number[] {
  const parent = process.ppid;
  if (isNpm(parent)) return [parent];
  const grandparent = parentOf(parent);
  return isNpm(grandparent) ? [parent, grandparent] : [];
}

/** npm calls itself `npm start`; others are known by their program's name. The variable alone says little: everything below npm inherits it. */
function isNpm(pid: number): boolean {
  return /(^|[\s/])(npm|pnpm|yarn)(-cli)?(\.c?js)?(\s|$)/.test(commandLineOf(pid) ?? "");
}

/** Whoever loses its parent is taken over by another process at once. */
function isAbove([parent, grandparent]: readonly number[]): boolean {
  return process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent);
}
