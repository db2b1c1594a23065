import { HallError, type Change, type Unionhall } from "../core/index.ts";
import type { DoorName, FromCore, Line, ToCore } from "./messages.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A hall that is served at the other end of a line: every method of every door becomes a call, every change an event.
 *
 * @param broken rejects when there is nobody at the other end; so do all calls then
 */
export function remoteUnionhall(line: Line<ToCore, FromCore>, broken?: Promise<never>): Unionhall {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(change: Change) => void>();
  let lastId = 0;
  let fault: Error | null = null;
  broken?.catch((error: unknown) => {
    fault = error instanceof Error ? error : new Error("the worker has ended");
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  });
  const call = (door: DoorName, method: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (fault !== null) return reject(fault);
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      line.send({ kind: "call", id, door, method, args });
    });
  line.listen((message) => {
    if (message.kind === "change") {
      for (const listener of listeners) listener(message.change);
      return;
    }
    if (message.kind === "marker?" || message.kind === "mark") return;
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === "result") one?.resolve(message.value);
    else if (message.kind === "failed") one?.reject(new HallError(message.problem, message.detail));
    else one?.reject(new Error(`a fault in core: ${message.message}`));
  });
  return {
    session: remoteDoor(call, "session"),
    groups: remoteDoor(call, "groups"),
    invites: remoteDoor(call, "invites"),
    topics: remoteDoor(call, "topics"),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settled: async () => void (await call("hall", "settled", [])),
    close: async () => void (await call("hall", "close", [])),
  };
}

/** All methods of a door at once: each name that is asked for is a call. `then` is none, so that a door is no promise. */
function remoteDoor<D extends "session" | "groups" | "invites" | "topics">(
  call: (door: DoorName, method: string, args: readonly unknown[]) => Promise<unknown>,
  door: D,
): Unionhall[D] {
  const methods = new Map<string | symbol, (...args: readonly unknown[]) => Promise<unknown>>();
  const proxy = new Proxy(
    {},
    {
      get(_, name) {
        if (typeof name === "symbol" || name === "then") return undefined;
        let method = methods.get(name);
        if (method === undefined) {
          method = (...args) => call(door, name, args);
          methods.set(name, method);
        }
        return method;
      },
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other end has the same door; a method it lacks is refused there
  return proxy as Unionhall[D];
}
