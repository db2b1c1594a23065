import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { livePath } from "../contract/live.ts";
import { GroupWorld } from "../groups/testing/group-world.ts";
import { RawLive } from "../groups/testing/raw-live.ts";
import { socketsPerAddress } from "./install-live.ts";

/** The status with which an upgrade is answered: 101 where there is a websocket now, which is ended at once. */
async function upgraded(port: number): Promise<number | undefined> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
  };
  return await new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: livePath, headers, agent: false })
      .on("upgrade", ({ statusCode }, socket) => {
        socket.destroy();
        resolve(statusCode);
      })
      .on("response", (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      })
      .on("error", reject);
  });
}

test("one address has so many websockets open and not one more, until one of them ends", async () => {
  // The minute within which one address may ask so often ends when the test says so.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  await using world = await GroupWorld.create({ rateLimits: true });
  await using open = new AsyncDisposableStack();
  for (let count = 1; count < socketsPerAddress; count += 1) open.use(await RawLive.connect(world.port));
  vi.setSystemTime(Date.now() + 60_000);
  expect(await upgraded(world.port)).toBe(101);
  const last = await vi.waitFor(async () => await world.connect(), { timeout: 45_000 });
  expect(await upgraded(world.port)).toBe(429);
  last.close();
  await vi.waitFor(async () => expect(await upgraded(world.port)).toBe(101), { timeout: 45_000 });
});
