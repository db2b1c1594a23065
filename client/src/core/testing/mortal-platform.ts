import type { Platform, Socket, SocketEvents } from "../platform.ts";

/** The program died here. Whatever it does afterwards dies too. */
class Death extends Error {
  override readonly name = "Death";
}

/** A platform whose program can be made to die at a step: a call that leaves the program, before or after it has its effect. */
export class MortalPlatform {
  readonly platform: Platform;
  /** Resolves when the program has died. */
  readonly death: Promise<void>;
  readonly #died: () => void;
  #taken = 0;
  #fatal = Number.POSITIVE_INFINITY;
  #dead = false;

  constructor(platform: Platform) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.death = promise;
    this.#died = resolve;
    this.platform = {
      ...platform,
      http: { send: (request) => this.#step(() => platform.http.send(request)) },
      storage: {
        read: (key) => this.#step(() => platform.storage.read(key)),
        readMany: (keys) => this.#step(() => platform.storage.readMany(keys)),
        range: (range) => this.#step(() => platform.storage.range(range)),
        write: (changes) => this.#step(() => platform.storage.write(changes)),
        erase: () => this.#step(() => platform.storage.erase()),
        close: () => platform.storage.close(),
      },
      keys: {
        seals: platform.keys.seals,
        load: () => this.#step(() => platform.keys.load()),
        save: (slot) => this.#step(() => platform.keys.save(slot)),
        erase: () => this.#step(() => platform.keys.erase()),
        seal: (bytes) => this.#step(() => platform.keys.seal(bytes)),
        open: (bytes) => this.#step(() => platform.keys.open(bytes)),
      },
      sockets: { open: (url, events) => this.#socket(platform, url, events) },
    };
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** From now on: dies at the step of this number, from 0. */
  dieAt(step: number): void {
    this.#taken = 0;
    this.#fatal = step;
  }

  /** Dies now, if it has not. */
  kill(): void {
    this.#dead = true;
    this.#died();
  }

  /** Since {@link dieAt}. */
  get steps(): number {
    return this.#taken;
  }

  #tick(): void {
    if (!this.#lives()) throw new Death("the program died");
  }

  #lives(): boolean {
    if (this.#dead) return false;
    if (this.#taken++ !== this.#fatal) return true;
    this.kill();
    return false;
  }

  async #step<T>(work: () => Promise<T>): Promise<T> {
    this.#tick();
    const result = await work();
    this.#tick();
    return result;
  }

  #socket(platform: Platform, url: string, events: SocketEvents): Socket {
    const alive = (tell: () => void): void => {
      if (!this.#dead) tell();
    };
    const socket = platform.sockets.open(url, {
      opened: () => alive(() => events.opened()),
      message: (bytes) => alive(() => events.message(bytes)),
      closed: (code, reason) => alive(() => events.closed(code, reason)),
    });
    void this.death.then(() => socket.close());
    return {
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
      // A socket's send never fails in front of who calls it: what the dead send goes nowhere.
      send: (bytes) => {
        if (this.#lives()) socket.send(bytes);
        this.#lives();
      },
      close: (code, reason) => socket.close(code, reason),
    };
  }
}
