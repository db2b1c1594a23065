import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { Unreachable } from "../../core/platform.ts";
import { longestAnswer, webHttp } from "./web-http.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const part = 1024 * 1024;

/** A hall over a thin network: so many bytes, one every so many milliseconds, and then nothing, without an end, where it falls silent. */
async function dripping(bytes: number, milliseconds: number, fallsSilent: boolean): Promise<string> {
  const server = createServer((_, response) => {
    let sent = 0;
    response.write(Uint8Array.of(7));
    const timer = setInterval(() => {
      if (++sent < bytes) return void response.write(Uint8Array.of(7));
      clearInterval(timer);
      if (!fallsSilent) response.end();
    }, milliseconds);
    response.once("close", () => clearInterval(timer));
  });
  return (await listening(server)).url;
}

/** A hall that answers with this many bytes, in parts, and says how many it got rid of. */
async function answering(bytes: number): Promise<{ url: string; sent: () => number; close: () => Promise<void> }> {
  let sent = 0;
  const server = createServer((_, response) => {
    const more = (): void => {
      while (sent < bytes) {
        const length = Math.min(part, bytes - sent);
        sent += length;
        if (!response.write(new Uint8Array(length).fill(7))) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  return { ...(await listening(server)), sent: () => sent };
}

async function listening(server: Server): Promise<{ url: string; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("there is no port");
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  closing.push(close);
  return { url: `http://127.0.0.1:${address.port}/api`, close };
}

const get = async (url: string, timeoutMilliseconds = 30_000) =>
  webHttp().send({ method: "GET", url, headers: {}, body: null, timeoutMilliseconds });

test.each([0, 1, longestAnswer - 1, longestAnswer])("an answer of %i bytes is read whole", async (bytes) => {
  const hall = await answering(bytes);
  const { status, body } = await get(hall.url);
  expect([status, body.length, body.every((byte) => byte === 7)]).toEqual([200, bytes, true]);
});

test("an answer that is longer is not read to its end", async () => {
  const hall = await answering(longestAnswer + 1);
  await expect(get(hall.url)).rejects.toThrow("no end");
  const endless = await answering(longestAnswer * 100);
  await expect(get(endless.url)).rejects.toThrow(Unreachable);
  expect(endless.sent()).toBeLessThan(longestAnswer * 2);
});

test("an answer that comes slowly is read whole, however long that takes; one that breaks off is not waited for", async () => {
  const { body } = await get(await dripping(20, 100, false), 1_000);
  expect(body).toHaveLength(20);
  await expect(get(await dripping(3, 50, true), 1_000)).rejects.toThrow(Unreachable);
});

test("where nobody listens, the hall cannot be reached", async () => {
  const gone = await answering(1);
  await gone.close();
  await expect(get(gone.url)).rejects.toThrow(Unreachable);
});
