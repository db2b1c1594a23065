import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { brotliSize } from "./precompress.ts";

/** Brotli sizes in bytes that a first visit may cost (design budgets: before the first decrypted topic). */
export const budgets = { shell: 110_000, worker: 93_000, wasm: 100_000 } as const;

export interface BuiltFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** File names this one needs before it runs. */
  readonly imports: readonly string[];
  /** Module ids of dynamic entry points, or null. */
  readonly facade: string | null;
}

export interface Sizes {
  readonly shell: number;
  readonly worker: number;
  readonly wasm: number;
  /** What the shell is made of, largest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

/** The screen of a topic, which is what "first decrypted topic" waits for besides the entry. */
const firstScreen = /ui\/topics\/topic-page\.tsx$/;
const catalogue = /locales\/[a-z]+\/first\.po$/;

function closure(files: ReadonlyMap<string, BuiltFile>, roots: readonly BuiltFile[]): Set<BuiltFile> {
  const seen = new Set<BuiltFile>();
  const visit = (file: BuiltFile | undefined): void => {
    if (!file || seen.has(file)) return;
    seen.add(file);
    for (const name of file.imports) visit(files.get(name));
  };
  for (const root of roots) visit(root);
  return seen;
}

/**
 * Adds up what a first visit loads: the page, its entry with all static imports and styles, the largest language catalogue and the
 * screen of a topic.
 *
 * @throws when a part is not found: a budget that measured nothing would always hold
 */
export function measure(built: readonly BuiltFile[]): Sizes {
  const files = new Map(built.map((file) => [file.name, file]));
  const size = (file: BuiltFile): number => brotliSize(file.content);
  const find = (what: string, test: (file: BuiltFile) => boolean): readonly BuiltFile[] => {
    const found = built.filter(test);
    if (found.length === 0) throw new Error(`the build holds no ${what}; the budgets would measure nothing`);
    return found;
  };
  const page = find("page", (file) => file.name === "index.html");
  const entry = find("entry script", (file) => file.facade?.endsWith("client/index.html") ?? false);
  const topic = find("topic screen", (file) => firstScreen.test(file.facade ?? ""));
  const catalogues = find("language catalogue", (file) => catalogue.test(file.facade ?? ""));
  const largest = catalogues.toSorted((one, other) => size(other) - size(one)).slice(0, 1);
  const parts = [...closure(files, [...page, ...entry, ...topic, ...largest])]
    .map((file) => ({ name: file.name, bytes: size(file) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  const sum = (group: readonly BuiltFile[]): number => group.reduce((bytes, file) => bytes + size(file), 0);
  return {
    shell: parts.reduce((bytes, part) => bytes + part.bytes, 0),
    worker: sum([
      ...closure(
        files,
        find("worker", (file) => /worker[^/]*\.js$/.test(file.name)),
      ),
    ]),
    wasm: sum(find("WASM", (file) => file.name.endsWith(".wasm"))),
    parts,
  };
}

/** What a script imports at once, by file name. The worker's scripts are built apart and come here as mere files. */
export function importsOf(fileName: string, source: string | Uint8Array): string[] {
  if (!fileName.endsWith(".js")) return [];
  const code = typeof source === "string" ? source : new TextDecoder().decode(source);
  const names = [...code.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g)].flatMap(([, name]) => name ?? []);
  return names.map((name) => join(dirname(fileName), name));
}

/** Where the build leaves what it measured, inside the output folder; the server sends no dotfiles. */
export const sizesFile = ".vite/sizes.json";

/** Measures every build and says what a first visit costs; `budgets.test.ts` holds it against the budgets. */
export function measureFirstVisit(): Plugin {
  return {
    name: "unionhall:first-visit",
    apply: "build",
    async writeBundle(options, bundle) {
      const built = Object.values(bundle).map((file): BuiltFile => {
        if (file.type === "asset")
          return {
            name: file.fileName,
            content: file.source,
            imports: importsOf(file.fileName, file.source),
            facade: null,
          };
        const styles = [...(file.viteMetadata?.importedCss ?? [])];
        return {
          name: file.fileName,
          content: file.code,
          imports: [...file.imports, ...styles],
          facade: file.facadeModuleId,
        };
      });
      const sizes = measure(built);
      for (const part of ["shell", "worker", "wasm"] as const)
        this.info(`${part}: ${(sizes[part] / 1000).toFixed(1)} of ${budgets[part] / 1000} KB (brotli)`);
      const path = join(options.dir ?? ".", sizesFile);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(sizes, null, 1));
    },
  };
}
