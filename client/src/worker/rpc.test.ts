import { expect, test } from "vitest";
import { HallError, type Change, type Unionhall } from "../core/index.ts";
import type { FromCore, Line, ToCore } from "./messages.ts";
import { remoteUnionhall } from "./remote.ts";
import { serveUnionhall } from "./serve.ts";

/** Two ends of a real message channel: what cannot be cloned does not pass. */
function lines(): { page: Line<ToCore, FromCore>; core: Line<FromCore, ToCore>; end: () => void } {
  const { port1, port2 } = new MessageChannel();
  return { page: over(port1), core: over(port2), end: () => port1.close() };
}

function over<S, R>(port: MessagePort): Line<S, R> {
  return {
    send: (message) => port.postMessage(message),
    listen: (listener) => {
      port.addEventListener("message", ({ data }: MessageEvent<R>) => listener(data));
      port.start();
    },
  };
}

interface Fake {
  readonly hall: Unionhall;
  emit(change: Change): void;
}

/** A hall of which only what the tests call is there. */
function fakeHall(parts: Partial<Record<keyof Unionhall, unknown>>): Fake {
  const listeners = new Set<(change: Change) => void>();
  const own = {
    subscribe: (listener: (change: Change) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const hall = { session: {}, groups: {}, invites: {}, topics: {}, ...own, ...parts } as unknown as Unionhall;
  return { hall, emit: (change) => listeners.forEach((listener) => listener(change)) };
}

function connected(parts: Partial<Record<keyof Unionhall, unknown>>): {
  remote: Unionhall;
  fake: Fake;
  woken: () => number;
  end: () => void;
  line: Line<ToCore, FromCore>;
} {
  const fake = fakeHall(parts);
  const { page, core, end } = lines();
  let wakes = 0;
  serveUnionhall(fake.hall, core, () => wakes++);
  return { remote: remoteUnionhall(page), fake, woken: () => wakes, end, line: page };
}

test("a call reaches its door with its arguments, and its answer comes back", async () => {
  const seen: unknown[] = [];
  const { remote, end } = connected({
    topics: {
      posts: async (...args: unknown[]) => {
        seen.push(args);
        return { from: 0, total: 1, posts: [] };
      },
    },
    settled: async () => {},
  });
  expect(await remote.topics.posts("g", "t", { from: 0, limit: 5 })).toEqual({ from: 0, total: 1, posts: [] });
  expect(seen).toEqual([["g", "t", { from: 0, limit: 5 }]]);
  await remote.settled();
  end();
});

test("answers that come in another order reach the calls they belong to", async () => {
  const held: ((value: string) => void)[] = [];
  const { remote, end } = connected({ topics: { draft: () => new Promise<string>((resolve) => held.push(resolve)) } });
  const first = remote.topics.draft("g", null);
  const second = remote.topics.draft("g", "t");
  await expect.poll(() => held.length).toBe(2);
  held[1]?.("second");
  held[0]?.("first");
  expect(await Promise.all([first, second])).toEqual(["first", "second"]);
  end();
});

test("a refusal crosses as problem and detail, a fault only as its kind", async () => {
  const { remote, end } = connected({
    session: {
      unlock: async () => {
        throw new HallError("wrong-passphrase", "the passphrase is another one");
      },
      lock: async () => {
        throw new TypeError("the secret thing was 12345");
      },
    },
  });
  const refusal = await remote.session.unlock("x").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(HallError);
  expect(refusal).toMatchObject({ problem: "wrong-passphrase", detail: "the passphrase is another one" });
  const fault = await remote.session.lock().catch((error: unknown) => String(error));
  expect(fault).toContain("TypeError");
  expect(fault).not.toContain("12345");
  end();
});

test("methods that no door has are refused, inherited ones too", async () => {
  const { remote, end } = connected({});
  for (const name of ["toString", "constructor", "nothing"]) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- asks for what the types do not offer
    const strange = remote.session as unknown as Record<string, () => Promise<unknown>>;
    await expect(strange[name]?.()).rejects.toThrow("TypeError");
  }
  end();
});

test("changes reach every listener until it stops", async () => {
  const { remote, fake, end } = connected({ settled: async () => {} });
  const seen: string[] = [];
  const stop = remote.subscribe(({ kind }) => seen.push(`one ${kind}`));
  remote.subscribe(({ kind }) => seen.push(`two ${kind}`));
  fake.emit({ kind: "groups" });
  await remote.settled();
  stop();
  fake.emit({ kind: "session" });
  await remote.settled();
  expect(seen).toEqual(["one groups", "two groups", "two session"]);
  end();
});
