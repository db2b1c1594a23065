import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { checkBudgets } from "./vite/budgets.ts";
import { libsodiumWasm } from "./vite/libsodium-wasm.ts";
import { linguiMacro } from "./vite/lingui-macro.ts";
import { precompress } from "./vite/precompress.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const hall = process.env.UNIONHALL_DEV_SERVER ?? "http://localhost:8080";

export default defineConfig({
  root,
  plugins: [
    linguiMacro(),
    lingui({ cwd: root, failOnMissing: process.env.UNIONHALL_UI_DRAFT !== "1", failOnCompileError: true }),
    react(),
    checkBudgets(),
    precompress(),
  ],
  worker: { format: "es", plugins: () => [libsodiumWasm()] },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome107", "edge107", "firefox115", "safari16"],
    // No inline script, style or data address: the content security policy allows none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: { proxy: { "/api": { target: hall, ws: true } } },
});
