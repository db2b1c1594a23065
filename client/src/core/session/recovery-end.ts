import { toHex, type RootKeys } from "@unionhall/crypto";
import type { Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import { mendOldVault } from "./old-vault.ts";
import type { Ending, OpenSession } from "./open-session.ts";

const pauseMilliseconds = 5_000;
/** A group that cannot be read for so long is waited for no more. */
const patienceMilliseconds = 10 * 60_000;

/**
 * What is left to do when a recovered account is open: its groups are read for signs that the hall gave out an old vault. Begins at once, and
 * goes on until each group has been read, ten minutes have passed or the device is closed; it needs the keys of the words that were just typed.
 */
export class RecoveryEnd implements Ending {
  readonly #keys: RootKeys;
  readonly #platform: Platform;
  readonly #firstLook = Promise.withResolvers<void>();
  #isOver = false;

  constructor(keys: RootKeys, platform: Platform) {
    this.#keys = keys;
    this.#platform = platform;
  }

  /** Rejects where this program is at fault. */
  get firstLook(): Promise<void> {
    return this.#firstLook.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async run(session: OpenSession): Promise<void> {
    const { clock } = this.#platform;
    const end = clock.now() + patienceMilliseconds;
    while (!session.stop.stopped && !this.#isOver) {
      try {
        await session.engine.settled();
        await mendOldVault(session, this.#keys, this.#platform);
        this.#isOver = await isAllRead(session);
      } catch (error) {
        // What the hall did not answer is asked again; a fault of this program would come again, too.
        if (!(error instanceof HallError)) {
          this.#isOver = true;
          this.#firstLook.reject(error);
        }
      }
      this.#firstLook.resolve();
      this.#isOver ||= clock.now() >= end;
      if (!this.#isOver) await clock.sleep(pauseMilliseconds, session.stop);
    }
    this.#firstLook.resolve();
  }
}

async function isAllRead({ engine, vault }: OpenSession): Promise<boolean> {
  const list = await engine.groups.list();
  const read = new Set(list.filter(({ standing }) => standing.kind !== "arriving").map(({ groupId }) => groupId));
  return vault
    .content()
    .groups.every(
      ({ groupId, kind, standing }) => kind !== "working-group" || standing !== "member" || read.has(toHex(groupId)),
    );
}
