import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { syncFolder } from "./sync-folder.ts";

/** A folder whose sync fails with this code, and how often it was closed. */
function failing(code: string) {
  const folder = {
    closed: 0,
    sync: () => Promise.reject(Object.assign(new Error(`${code}: fsync`), { code })),
    close: async () => void folder.closed++,
  };
  return folder;
}

test("a folder is synced, and where that cannot be done it is let be; what else fails is said", async () => {
  await syncFolder(tmpdir());
  for (const code of ["EPERM", "EINVAL", "EISDIR", "ENOTSUP"]) {
    const folder = failing(code);
    await syncFolder("/data", async () => folder);
    expect(folder.closed).toBe(1);
  }
  const broken = failing("EIO");
  await expect(syncFolder("/data", async () => broken)).rejects.toMatchObject({ code: "EIO" });
  expect(broken.closed).toBe(1);
  await expect(syncFolder(`${tmpdir()}/no-such-folder`)).rejects.toMatchObject({ code: "ENOENT" });
});
