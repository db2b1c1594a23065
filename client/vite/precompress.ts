import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";

const worthIt = /\.(?:js|css|html|svg|wasm|json|webmanifest)$/;

function compress(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** What a file takes on the wire, in bytes. */
export function brotliSize(content: string | Uint8Array): number {
  return compress(content).length;
}

/** Writes `name.br` beside every text and WASM file of the build, so that the server sends it without compressing anything itself. */
export function precompress(): Plugin {
  let outDir = "";
  return {
    name: "unionhall:precompress",
    apply: "build",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
        for (const entry of entries) {
          if (!entry.isFile() || !worthIt.test(entry.name)) continue;
          const path = join(entry.parentPath, entry.name);
          await writeFile(`${path}.br`, compress(await readFile(path)));
        }
      },
    },
  };
}
