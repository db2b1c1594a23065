import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { StartError } from "../start-error.ts";
import { initialise, launch } from "./postmaster.ts";

const folder = mkdtempSync(join(tmpdir(), "unionhall-postmaster-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const programs = { initdb: join(folder, "no-initdb"), postgres: join(folder, "no-postgres") };

test("a program of the built-in PostgreSQL that cannot be run is named, with a way out", async () => {
  const making = initialise(programs, {}, join(folder, "postgres"), join(folder, "password"));
  await expect(making).rejects.toThrow(StartError);
  await expect(making).rejects.toThrow(/no-initdb cannot be run \(ENOENT\); set DATA_DIR/);
  const launched = await launch(programs, {}, join(folder, "postgres"), false);
  expect(launched).toEqual({ kind: "ended", lastWords: `${programs.postgres} cannot be run (ENOENT)` });
});
