import { defineConfig } from "@lingui/cli";

/** English is written in the code; the other catalogues are translations of it. */
export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "fr", "es", "ar"],
  catalogs: [{ path: "<rootDir>/src/ui/locales/{locale}", include: ["<rootDir>/src/ui"] }],
  orderBy: "origin",
  compileNamespace: "es",
});
