import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { StopSource } from "../core/stop.ts";
import { keyFile } from "./node/key-file.ts";
import { lockFile } from "./node/lock-file.ts";
import { nodePlatform } from "./node.ts";
import { timerClock } from "./web/timer-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "unionhall-node-"));
afterAll(() => rmSync(folder, { recursive: true }));
const never = { lost: () => {} };

test("a lock is for one at a time; who waits gets it when it is free, who was stopped does not", async () => {
  const lock = lockFile(join(folder, "lock-1"), timerClock);
  const first = await lock.take({ wait: null, ...never });
  expect(await lock.take({ wait: 0, ...never })).toBeNull();
  expect(await lock.take({ wait: 30, ...never })).toBeNull();
  const stop = new StopSource();
  const stopped = lock.take({ wait: null, stop: stop.signal, ...never });
  stop.stop();
  expect(await stopped).toBeNull();
  const waiting = lock.take({ wait: null, ...never });
  await first?.release();
  const second = await waiting;
  expect(second).not.toBeNull();
  await second?.release();
});

test("a program that is killed leaves nothing that keeps the next one out", async () => {
  const path = join(folder, "lock-2");
  const module = fileURLToPath(new URL("node/lock-file.ts", import.meta.url));
  const clock = fileURLToPath(new URL("web/timer-clock.ts", import.meta.url));
  const program = `
    const { lockFile } = await import(${JSON.stringify(module)});
    const { timerClock } = await import(${JSON.stringify(clock)});
    await lockFile(${JSON.stringify(path)}, timerClock).take({ wait: null, lost: () => {} });
    console.log("held");
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((held) => child.stdout.once("data", () => held()));
  const lock = lockFile(path, timerClock);
  expect(await lock.take({ wait: 0, ...never })).toBeNull();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  expect(await lock.take({ wait: 0, ...never })).not.toBeNull();
});

test("the key slot and the storage are readable to their owner only", async () => {
  const home = join(folder, "home");
  const platform = nodePlatform({ home, origin: "https://hall.example" });
  await platform.keys.save(Uint8Array.of(1, 2, 3));
  await platform.keys.save(Uint8Array.of(4, 5));
  await platform.storage.write([{ kind: "put", key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
  const modeOf = (name: string): number => statSync(join(home, name)).mode & 0o777;
  expect([modeOf("."), modeOf("key"), modeOf("store.sqlite")]).toEqual([0o700, 0o600, 0o600]);
  expect(new Uint8Array(readFileSync(join(home, "key")))).toEqual(Uint8Array.of(4, 5));
  expect(await platform.keys.load()).toEqual({ kind: "kept", slot: Uint8Array.of(4, 5) });
  await platform.keys.erase();
  expect(await platform.keys.load()).toEqual({ kind: "empty" });
  await platform.storage.close();
});

test("a program that waits for the lock has not opened the storage yet", async () => {
  const home = join(folder, "fresh");
  const platform = nodePlatform({ home, origin: "https://hall.example" });
  expect(existsSync(join(home, "store.sqlite"))).toBe(false);
  await platform.storage.write([{ kind: "put", key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
  expect(existsSync(join(home, "store.sqlite"))).toBe(true);
  await platform.storage.close();
});

test("a key slot that cannot be read is not taken for an empty one", async () => {
  await expect(keyFile(folder).load()).rejects.toThrow("EISDIR");
});
