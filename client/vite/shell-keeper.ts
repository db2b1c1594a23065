import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, transformWithOxc } from "vite";
import type { BuiltShell } from "../src/ui/shell/built-shell.ts";

const source = fileURLToPath(new URL("../src/ui/shell/shell-keeper.ts", import.meta.url));
const kept = /^(?:assets\/.+\.(?:js|css|wasm)|favicon\.svg)$/;

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** @throws when the build has no page, no scripts or no WASM: it would keep nothing that opens */
export function shellOf(page: string, names: readonly string[]): BuiltShell {
  const files = names.filter((name) => kept.test(name)).toSorted();
  for (const ending of [".js", ".css", ".wasm"])
    if (!files.some((name) => name.endsWith(ending))) throw new Error(`the build holds no ${ending} to be kept`);
  const paths = files.map((name) => `/${name}`);
  return { version: sha256([sha256(page), ...paths].join("\n")).slice(0, 16), page: sha256(page), files: paths };
}

/** Writes the service worker beside the page, with the list of what it keeps. */
export function shellKeeper(): Plugin {
  let outDir = "";
  return {
    name: "unionhall:shell-keeper",
    apply: "build",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    async writeBundle(_options, bundle) {
      const page = await readFile(join(outDir, "index.html"), "utf8");
      const shell = shellOf(page, [...Object.keys(bundle), "favicon.svg"]);
      const { code } = await transformWithOxc(await readFile(source, "utf8"), source);
      // A classic script: modules as service workers are too young.
      const script = code.replace(/^export\s*\{\s*\};?\s*$/m, "");
      if (/^\s*(?:import|export)\b/m.test(script)) throw new Error("the service worker must stand alone");
      await writeFile(join(outDir, "shell-keeper.js"), `const built = ${JSON.stringify(shell)};\n${script}`);
    },
  };
}
