import { fileURLToPath } from "node:url";
import { transformAsync } from "@babel/core";
import macro from "@lingui/babel-plugin-lingui-macro";
import type { Plugin } from "vite";

// Lingui looks for its configuration from the working directory, which is the repository's root in builds and tests.
process.env.LINGUI_CONFIG ??= fileURLToPath(new URL("../lingui.config.ts", import.meta.url));

/** What the macros' `<Trans>` becomes: the module named in the configuration's `runtimeConfigModule`. */
const transAlias = { "@ui/trans": fileURLToPath(new URL("../src/ui/app/trans.tsx", import.meta.url)) };

const importsMacro = /from\s+["']@lingui\/(?:core|react)\/macro["']/;

/**
 * Turns Lingui's macros into calls with short message ids. Only files that import a macro go through Babel; types and JSX are left
 * for Vite to compile.
 */
export function linguiMacro(): Plugin {
  return {
    name: "unionhall:lingui-macro",
    enforce: "pre",
    config: () => ({ resolve: { alias: transAlias } }),
    async transform(code, id) {
      const file = id.split("?")[0] ?? id;
      if (!/\.tsx?$/.test(file) || file.includes("node_modules") || !importsMacro.test(code)) return null;
      const done = await transformAsync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: file.endsWith("x") ? ["typescript", "jsx"] : ["typescript"] },
        plugins: [macro],
      });
      if (!done?.code) throw new Error(`the macros in ${file} gave no code`);
      return { code: done.code, map: done.map ? JSON.stringify(done.map) : null };
    },
  };
}
