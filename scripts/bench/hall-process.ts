// The hall of a benchmark, in a process of its own so that its processor time and memory are its own. Started by bench-hall.ts.
import { readSettings, startHall } from "@unionhall/server";

const settings = readSettings({ PORT: "0", DATA_DIR: process.env["DATA_DIR"] });
const hall = await startHall(settings, { print: () => {}, log: { write: () => {} }, rateLimits: false });
process.send?.({ origin: hall.origin, setupLink: hall.setupLink });

process.on("message", (asked) => {
  // A collection costs processor time of its own: it comes before a figure, and only where memory is asked for.
  if (asked === "collect") globalThis.gc?.();
  if (asked === "usage" || asked === "collect") process.send?.(usage());
  if (asked === "stop") void hall.stop().then(() => process.exit(0));
});
// Whoever started it has gone: nobody else would stop its database.
process.on("disconnect", () => void hall.stop().then(() => process.exit(0)));
// Signals reach the whole group of processes; the one who started it says when to stop, or goes.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});

function usage(): object {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpuMicroseconds: user + system, rssBytes: rss, heapBytes: heapUsed + external };
}
