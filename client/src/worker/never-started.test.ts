import { expect, test } from "vitest";
import { neverStarted } from "./never-started.ts";

test("a worker that fails before it says anything did not start", async () => {
  const worker = new EventTarget();
  const broken = neverStarted(worker);
  worker.dispatchEvent(new Event("error"));
  await expect(broken).rejects.toMatchObject({ problem: "offline" });
});

test("a failure in a worker that has spoken does not make it one that never started", async () => {
  const worker = new EventTarget();
  const broken = neverStarted(worker);
  worker.dispatchEvent(new Event("message"));
  worker.dispatchEvent(new Event("error"));
  expect(await Promise.race([broken, Promise.resolve("lives")])).toBe("lives");
});
