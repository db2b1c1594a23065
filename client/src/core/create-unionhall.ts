/**
 * Where core is put together.
 *
 * An engine (groups, invites, topics, their sync) plugs in as an {@link EngineMaker} (`engine.ts`): `readInvite` serves guests without an
 * account, `open` is called whenever the account becomes open on this device, and gets everything it may use in `EngineParts`: `account`
 * (keys, statements), `vault` (durable list of groups), `store` (sealed, transactional; `storage/store.ts`), `api` (HTTP over the contract's
 * endpoint data, `api/api.ts`), `live` (the websocket, `api/live.ts`), `clock`, `random`, `emit`. The doors it returns are called only between
 * `open` and `parts.stop`; before and after, this module answers with `no-account` or `locked`.
 *
 * The engine is that of `groups/engine.ts` with the invites of `invites/invites.ts`; tests of the session give one that does nothing.
 */
import { HttpApi } from "./api/http-api.ts";
import type { Engine, EngineMaker } from "./engine.ts";
import { groupEngine } from "./groups/engine.ts";
import { lateInvites } from "./invites/late-invites.ts";
import type { Platform } from "./platform.ts";
import type { InvitesDoor } from "./invites/invites-door.ts";
import { Session } from "./session/session.ts";
import type { Change, Unionhall } from "./unionhall.ts";

/** A hall as its platform's owner gets it: {@link Unionhall}, and what only the platform can say. */
export interface OwnUnionhall extends Unionhall {
  /** The network is back, or somebody looks at the page again: the next attempt is made now. */
  wake(): void;
}

const wholeEngine = groupEngine(lateInvites(async () => (await import("./invites/invites.ts")).invites));

/** Waits for the device's lock, then looks at what is on this device; every call of a door waits for that. */
export function createUnionhall(platform: Platform, engineMaker: EngineMaker = wholeEngine): OwnUnionhall {
  const listeners = new Set<(change: Change) => void>();
  const emit = (change: Change): void => {
    for (const listener of listeners) listener(change);
  };
  const session = new Session(platform, engineMaker, emit);
  return {
    session,
    groups: doorOf(session, "groups"),
    invites: invitesDoor(platform, engineMaker, session),
    topics: doorOf(session, "topics"),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake: () => session.wake(),
    settled: () => session.settled(),
    close: () => session.close(),
  };
}

type EngineDoors = Pick<Engine, "groups" | "invites" | "topics">;

/** A door of whichever engine is open at the time of the call. */
function doorOf<D extends keyof EngineDoors>(session: Session, door: D): EngineDoors[D] {
  const proxy = new Proxy(
    {},
    {
      get: (_, name) => {
        // A door is no promise, whatever asks whether it is.
        if (typeof name === "symbol" || name === "then") return undefined;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          const target: object = (await session.engine())[door];
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== "function") throw new TypeError("no such method");
          return Reflect.apply(method, target, args) as unknown;
        };
      },
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every method of the door is the engine's own
  return proxy as EngineDoors[D];
}

/** Previews are for everybody: also on a device that is empty or locked. */
function invitesDoor(platform: Platform, engineMaker: EngineMaker, session: Session): InvitesDoor {
  const { origin, http, clock, random } = platform;
  const guest = { origin, api: new HttpApi(origin, http, null), clock, random };
  const opened = doorOf(session, "invites");
  const preview = async (link: string) => (await engineMaker.readInvite(guest, link)).preview;
  return new Proxy(opened, { get: (target, name) => (name === "preview" ? preview : Reflect.get(target, name)) });
}
