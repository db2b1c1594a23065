import { open, type FileHandle } from "node:fs/promises";
import { errorCode } from "../error-code.ts";

/** Where folders cannot be synced: on Windows, and on some file systems. There is nothing better to be done there. */
const cannot = new Set(["EPERM", "EINVAL", "EISDIR", "ENOTSUP"]);

type OpenFolder = (path: string, flags: "r") => Promise<Pick<FileHandle, "sync" | "close">>;

/** The names in it, and not what stands behind them. */
export async function syncFolder(path: string, openFolder: OpenFolder = open): Promise<void> {
  try {
    const folder = await openFolder(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!cannot.has(errorCode(error))) throw error;
  }
}
