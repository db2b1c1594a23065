import type { Socket, SocketEvents, Sockets } from "../../core/platform.ts";

/** The server's end of one socket of a test. */
export interface ServerEnd {
  readonly url: string;
  /** What the client has sent and nobody has taken yet. */
  readonly received: Uint8Array[];
  accept(): void;
  send(bytes: Uint8Array): void;
  close(code: number): void;
  readonly closed: boolean;
}

/** Sockets whose other end a test holds. */
export class MemorySockets implements Sockets {
  /** In the order of their opening. */
  readonly ends: ServerEnd[] = [];

  open(url: string, events: SocketEvents): Socket {
    const end = new MemoryEnd(url, events);
    this.ends.push(end);
    return { bufferedBytes: 0, send: (bytes) => end.take(bytes), close: (code = 1000) => end.close(code) };
  }
}

class MemoryEnd implements ServerEnd {
  readonly url: string;
  readonly received: Uint8Array[] = [];
  readonly #events: SocketEvents;
  closed = false;

  constructor(url: string, events: SocketEvents) {
    this.url = url;
    this.#events = events;
  }

  accept(): void {
    queueMicrotask(() => this.#events.opened());
  }

  take(bytes: Uint8Array): void {
    if (!this.closed) this.received.push(bytes.slice());
  }

  send(bytes: Uint8Array): void {
    const copy = bytes.slice();
    queueMicrotask(() => {
      if (!this.closed) this.#events.message(copy);
    });
  }

  close(code: number): void {
    if (this.closed) return;
    this.closed = true;
    queueMicrotask(() => this.#events.closed(code, ""));
  }
}
