import { accountIdOf, type BoxKeyPair } from "@unionhall/crypto";
import { HttpApi } from "../api/http-api.ts";
import { LiveSocket } from "../api/live-socket.ts";
import type { Engine, EngineMaker } from "../engine.ts";
import type { Platform } from "../platform.ts";
import { stoppedHttp } from "../api/stopped-http.ts";
import { HallError } from "../problems.ts";
import { StopSource, type StopSignal } from "../stop.ts";
import type { SealedStore } from "../storage/sealed-store.ts";
import type { Change } from "../unionhall.ts";
import type { Account } from "./account.ts";
import { DeviceAccount, deviceKeys } from "./device-account.ts";
import { profileIn } from "./preferences.ts";
import { only, storedAccount, type StoredAccount } from "./session-store.ts";
import { SessionTokens } from "./session-tokens.ts";
import { RegularVisits } from "./regular-visits.ts";
import { VaultSync } from "./vault-sync.ts";

/** An account that is open on this device, with everything that runs for it. */
export interface OpenSession {
  readonly store: SealedStore;
  readonly stored: StoredAccount;
  readonly account: Account;
  readonly vault: VaultSync;
  readonly api: HttpApi;
  readonly live: LiveSocket;
  readonly engine: Engine;
  /** Stopped when it closes. */
  readonly stop: StopSignal;
  /** The network is back, or somebody looks at the page again. */
  wake(): void;
  /** Stops all that runs, waits for it, and forgets the keys. */
  close(): Promise<void>;
}

/** What is left of a recovery when its session is open. */
export interface Ending {
  /** Settled when what could be read at once was looked at. */
  readonly firstLook: Promise<void>;
  /** Whether nothing is left to look for. */
  readonly isOver: boolean;
}

/** The device's own part of an open session: what an account that is not settled yet needs to get there. */
export async function connectDevice(
  platform: Platform,
  store: SealedStore,
  stored: StoredAccount,
  recoveryKey: BoxKeyPair | null,
): Promise<{ readonly account: DeviceAccount; readonly vault: VaultSync; readonly api: HttpApi }> {
  const { origin, http, clock, random } = platform;
  const { device, box } = deviceKeys(stored);
  const accountOfKeys = { identityKey: stored.identityKey, device: { signing: device.signing, box } };
  const plain = new HttpApi(origin, http, null);
  const tokens = new SessionTokens({ api: plain, origin, clock }, accountIdOf(stored.identityKey), device.signing);
  const api = new HttpApi(origin, http, tokens);
  const vault = await VaultSync.load({ store, api, clock, random, ...accountOfKeys, recoveryKey });
  return { account: new DeviceAccount(stored.identityKey, device, vault), vault, api };
}

/**
 * Opens the settled account in `store`. Needs no network.
 *
 * `ending`: what is left of the recovery that opens it. Regular visits wait for its first look, and until it is over leave to it what groups know
 * of the account: they would learn the same and say nothing.
 *
 * @throws HallError `storage-evicted`
 */
export async function openSession(
  platform: Platform,
  engineMaker: EngineMaker,
  store: SealedStore,
  emit: (change: Change) => void,
  ending: Ending | null = null,
): Promise<OpenSession> {
  const stored = await store.map(storedAccount).get(only);
  if (stored === null) throw new HallError("storage-evicted", "the account is missing on this device");
  const stopping = new StopSource();
  const stop = stopping.signal;
  const stoppable = { ...platform, http: stoppedHttp(platform.http, stop) };
  const { account, vault, api } = await connectDevice(stoppable, store, stored, null);
  const { origin, sockets, clock, random } = platform;
  const live = new LiveSocket({ origin, sockets, clock, random, stop });
  live.onState(() => emit({ kind: "session" }));
  const parts = { origin, api, clock, random, account, vault, store, live, emit, stop };
  const engine = await orClosed(engineMaker.open({ ...parts, profile: () => profileIn(vault.content()) }), async () => {
    stopping.stop();
    await vault.idle();
    await store.close();
  });
  vault.onChange(() => emit({ kind: "session" }));
  const refreshing = new RegularVisits({ clock, stop }, async () => {
    await ending?.firstLook.catch(() => {});
    await vault.refresh();
    if (ending?.isOver ?? true) await vault.learn(engine.ownStatements());
  });
  live.onState(() => {
    if (live.state() === "online") refreshing.comeEarly();
  });
  return {
    store,
    stored,
    account,
    vault,
    api,
    live,
    engine,
    stop,
    wake: () => {
      live.retryNow();
      refreshing.comeEarly();
    },
    close: async () => {
      stopping.stop();
      await engine.closed();
      await refreshing.ended;
      await vault.idle();
      await store.close();
    },
  };
}

/** An engine that fails to open may have begun: what runs ends, and the next one is alone on this storage. */
async function orClosed(opening: Promise<Engine>, close: () => Promise<void>): Promise<Engine> {
  try {
    return await opening;
  } catch (error) {
    await close();
    throw error;
  }
}
