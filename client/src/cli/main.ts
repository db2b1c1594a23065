import { setTimeout as sleep } from "node:timers/promises";
import { createUnionhall } from "../core/create-unionhall.ts";
import { nodePlatform } from "../platform/node.ts";
import { run } from "./run.ts";

// Holds the program while it waits for what holds it not, such as a limit of time.
const longestInterval = 2 ** 31 - 1;
const running = setInterval(() => {}, longestInterval);

// Who reads what this prints may stop reading, as `head` does: then there is nobody left to print for.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  readInput,
  untilInterrupted,
  // A wait that nobody waits for any more does not hold the program.
  sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }),
  open: (device) => createUnionhall(nodePlatform(device)),
});
clearInterval(running);
// Also when something did not come to rest; what was printed goes out first.
process.stdout.write("", () => process.exit());

async function readInput(): Promise<string> {
  process.stdin.setEncoding("utf8");
  let text = "";
  for await (const piece of process.stdin) text += String(piece);
  return text;
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
