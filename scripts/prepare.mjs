// Makes sure that what a command needs is there: packages, the built client, a browser for tests.
// Plain JavaScript without dependencies, because it runs before anything is installed, on Node 18 or newer.
// Usage: node scripts/prepare.mjs [packages] [client] [chromium]     Everything it says goes to standard error.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium, headlessShell } from "./chromium.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`unionhall: ${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

/** Hash over names and contents of files and folders, in a fixed order. */
function fingerprint(paths) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  const visit = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      // oxlint-disable-next-line unicorn/no-array-sort -- Node 18 has no toSorted, and nobody else holds this array
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    } else {
      hash.update(`\n${path}\n`).update(readFileSync(path));
    }
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest("hex");
}

/** Does `work` unless the stamp file says that it was done for these inputs. */
function unlessFresh(stampPath, inputs, work) {
  const stamp = join(root, stampPath);
  const wanted = fingerprint(inputs);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

const steps = {
  packages() {
    const manifests = ["package.json", "crypto/package.json", "server/package.json", "client/package.json"];
    unlessFresh("node_modules/.unionhall-stamp", ["package-lock.json", ".npmrc", ...manifests], () => {
      say("installing packages from the lockfile (the first time this takes about a minute) …");
      const npm = process.env.npm_execpath;
      // Its warnings are about this machine's own Node, which runs nothing but npm: the project brings another one.
      const words = ["ci", "--no-progress", "--loglevel=error"];
      const status = npm
        ? run(process.execPath, [npm, ...words])
        : run("npm", words, { shell: process.platform === "win32" });
      if (status !== 0)
        fail(
          "the packages could not be installed; npm's own words stand above. Nothing of your hall was touched. Check the network and run the command again.",
        );
      say("packages are installed.");
    });
  },

  client() {
    const inputs = [
      "client/src",
      "client/public",
      "client/vite",
      "client/index.html",
      "client/vite.config.ts",
      "client/lingui.config.ts",
      "crypto/src",
      "server/src/contract",
      "package-lock.json",
    ];
    unlessFresh("client/dist/.unionhall-stamp", inputs, () => {
      say("building the client …");
      const status = run(
        join(root, "node_modules", ".bin", "node"),
        ["node_modules/vite/bin/vite.js", "build", "client", "--logLevel", "warn"],
        { env: { ...process.env, NODE_ENV: "production" } },
      );
      if (status !== 0) fail("the client could not be built; the reason stands above.");
      say("the client is built.");
    });
  },

  chromium() {
    const found = findChromium();
    const named = process.env.CHROMIUM;
    if (named && !found)
      fail(`CHROMIUM is ${named}, and there is no such file; set it to a browser's path, or not at all.`);
    if (named || found === headlessShell) return;
    const canInstall = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
    if (canInstall) {
      say("installing Chromium for the browser tests …");
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      const install = (name) => run("apt-get", ["install", "-y", "-qq", name], { env }) === 0;
      const isUpdated = run("apt-get", ["update", "-qq"], { env }) === 0;
      if (isUpdated && (install("chromium-headless-shell") || (!found && install("chromium")))) return;
      if (!found) fail("Chromium could not be installed; apt-get's own words stand above.");
      say(`it could not be installed; the tests go on with ${found}.`);
    }
    if (!found)
      fail(
        "the browser tests need Chromium. Install it (on Debian: apt-get install chromium-headless-shell, or chromium) or set CHROMIUM to its path, then run the command again.",
      );
  },
};

for (const step of process.argv.slice(2)) {
  if (!Object.hasOwn(steps, step)) fail(`prepare.mjs knows ${Object.keys(steps).join(", ")}; not ${step}.`);
  steps[step]();
}
