import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { KeyStore } from "../../core/platform.ts";

/** The key slot as a file that only its owner may read. Nothing on Node seals more than that; a passphrase does. */
export function keyFile(path: string): KeyStore {
  return {
    seals: false,
    async load() {
      try {
        return { kind: "kept", slot: new Uint8Array(readFileSync(path)) };
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return { kind: "empty" };
        throw error;
      }
    },
    async save(slot) {
      const beside = `${path}.new`;
      rmSync(beside, { force: true });
      writeDurably(beside, slot);
      renameSync(beside, path);
      syncFolder(dirname(path));
    },
    async erase() {
      rmSync(path, { force: true });
    },
    seal: async (plain) => plain.slice(),
    open: async (sealed) => sealed.slice(),
  };
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A rename is only durable once its folder is. Windows cannot open folders and needs none of it. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
