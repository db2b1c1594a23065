import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { measureFirstVisit } from "./vite/budgets.ts";
import { libsodiumWasm } from "./vite/libsodium-wasm.ts";
import { libsodiumUsed } from "./vite/libsodium-used.ts";
import { linguiMacro } from "./vite/lingui-macro.ts";
import { precompress } from "./vite/precompress.ts";
import { shellKeeper } from "./vite/shell-keeper.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const hall = process.env.UNIONHALL_DEV_SERVER ?? "http://localhost:8080";

const shellPackages =
  /node_modules\/(?:react|react-dom|scheduler|use-sync-external-store|@tanstack|wouter|regexparam|@lingui)\//;
const shellFolders = /client\/src\/ui\/(?:app|design|problems)\//;

/** In the same folders, but nothing that a topic needs. */
const notInShell = /sheet|language-picker|use-focus-when-fewer|design\/field/;

function inShell(id: string): boolean {
  return shellPackages.test(id) || (shellFolders.test(id) && !notInShell.test(id));
}

/** The lists of words and what makes a new device are for coming in only. */
function inCore(id: string): boolean {
  return !/bip39|@noble|recovery-phrase|session\/new-device/.test(id);
}

export default defineConfig({
  root,
  resolve: {
    alias: {
      typebox: fileURLToPath(new URL("./vite/schema-builders.ts", import.meta.url)),
      // Its form for browsers asks the DOM, which a worker has not.
      "decode-named-character-reference": fileURLToPath(
        new URL("../node_modules/decode-named-character-reference/index.js", import.meta.url),
      ),
    },
  },
  plugins: [
    linguiMacro(),
    lingui({ cwd: root, failOnMissing: true, failOnCompileError: true }),
    react(),
    measureFirstVisit(),
    shellKeeper(),
    precompress(),
  ],
  worker: {
    format: "es",
    plugins: () => [libsodiumUsed(), libsodiumWasm()],
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Evaluated before everything else: see there.
            { name: "first", test: /worker\/page-line|web\/older-browsers/, priority: 1 },
            // One file for what is shared with the parts that come on demand: each file is a request, and small ones compress badly.
            { name: "core", minShareCount: 2, test: inCore },
          ],
        },
      },
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome110", "edge110", "firefox115", "safari16"],
    // No inline script, style or data address: the content security policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        // What every screen needs in one file: small files compress badly and cost a request each.
        codeSplitting: { groups: [{ name: "shell", test: inShell }] },
      },
    },
    sourcemap: false,
  },
  server: { proxy: { "/api": { target: hall, ws: true } } },
});
