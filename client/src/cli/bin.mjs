#!/usr/bin/env node
// Starts the command line under Node 24 or newer: with the running one if it is, otherwise with the one that this program brings along.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const neededMajor = 24;
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "main.ts");

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  process.argv[1] = main;
  await import("./main.ts");
} else {
  const node = bundledNode(here);
  if (node === null) {
    process.stderr.write(
      `unionhall: Node ${neededMajor} is needed, this is ${process.versions.node}; run npm ci first\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", () => process.exit(1));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** The `node` of the nearest `node_modules`, upwards from `folder`. */
function bundledNode(folder) {
  const name = process.platform === "win32" ? "node.exe" : "node";
  for (let at = folder; ; at = dirname(at)) {
    for (const candidate of [join(at, "node_modules", "node", "bin", name), join(at, "node_modules", ".bin", name)])
      if (existsSync(candidate)) return candidate;
    if (dirname(at) === at) return null;
  }
}
