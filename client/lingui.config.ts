import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const ui = "<rootDir>/src/ui";

/** Screens that nobody sees before the first topic: their words are fetched after the first paint. */
const laterScreens = [
  `${ui}/account`,
  `${ui}/invites`,
  `${ui}/people`,
  `${ui}/problems/problem-words.ts`,
  `${ui}/groups/home.tsx`,
  `${ui}/groups/needs-you.tsx`,
  `${ui}/groups/vault-notice.tsx`,
  `${ui}/groups/about-page.tsx`,
  `${ui}/groups/found-group-page.tsx`,
  `${ui}/groups/server-sees.tsx`,
  `${ui}/topics/new-topic-page.tsx`,
];

/** English is written in the code; the other catalogues are translations of it. */
export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "fr", "es", "ar"],
  catalogs: [
    {
      path: `${ui}/locales/{locale}/first`,
      include: [ui],
      exclude: laterScreens.flatMap((path) => [path, `${path}/**`]),
    },
    { path: `${ui}/locales/{locale}/rest`, include: laterScreens },
  ],
  // Without line numbers, so that catalogues change only when words do.
  format: formatter({ lineNumbers: false }),
  // Our own Trans: see there.
  runtimeConfigModule: { Trans: ["@ui/trans", "Trans"] },
  orderBy: "origin",
  compileNamespace: "es",
});
