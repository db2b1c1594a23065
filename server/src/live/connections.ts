import { Connection, type ConnectionDeps } from "./connection.ts";
import type { LiveSocket, Wire } from "./live-socket.ts";
import type { Timers } from "./timers.ts";

const pingMilliseconds = 30_000;
/** How long connections may take to end when the hall stops. */
const closingMilliseconds = 3_000;

/** All websockets of this process: keeps asking whether they are there, and ends them when the hall stops. */
export class Connections {
  readonly #open = new Set<Connection>();
  readonly #timers: Timers;
  #forgetPing: () => void;
  #onEmpty: (() => void) | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
    const pingAll = (): void => {
      for (const connection of this.#open) connection.ping();
      this.#forgetPing = timers.after(pingMilliseconds, pingAll);
    };
    this.#forgetPing = timers.after(pingMilliseconds, pingAll);
  }

  serve(socket: LiveSocket, wire: Wire, deps: ConnectionDeps): void {
    const connection = new Connection(socket, wire, deps);
    this.#open.add(connection);
    // The plugin's own listener holds the whole request for as long as the connection lasts.
    socket.removeAllListeners("error");
    socket.on("error", () => {
      connection.broke();
    });
    // After the listener of `ws`: what of the bytes was a whole message has been received by then.
    wire.on("data", () => {
      connection.heard();
    });
    socket.on("message", (data, isBinary) => {
      connection.receive(data, isBinary);
    });
    socket.on("pong", () => {
      connection.pong();
    });
    socket.on("close", () => {
      connection.ended();
      this.#open.delete(connection);
      if (this.#open.size === 0) this.#onEmpty?.();
    });
  }

  /** Tells every connection that the hall stops, and waits until they have ended, at most 3 s. What was durable has been answered. */
  async stop(): Promise<void> {
    this.#forgetPing();
    // Answers to the last transactions are sent in the turn after their commit.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const forget = this.#timers.after(closingMilliseconds, resolve);
      this.#onEmpty = () => {
        forget();
        resolve();
      };
      for (const connection of this.#open) connection.stop();
    });
  }
}
