import type { Socket, Sockets } from "../../core/platform.ts";

/** What both the browser's and Node's WebSocket can do. */
interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(kind: "open" | "error", listener: () => void): void;
  addEventListener(kind: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

const open = 1;

/** Sockets over the standard WebSocket. `make` may throw, as the constructor does; the socket then counts as closed. */
export function webSockets(make: (url: string) => WebSocketLike): Sockets {
  return {
    open(url, events): Socket {
      let socket: WebSocketLike;
      try {
        socket = make(url);
      } catch {
        queueMicrotask(() => events.closed(1006, "the address cannot be opened"));
        return { bufferedBytes: 0, send: () => {}, close: () => {} };
      }
      socket.binaryType = "arraybuffer";
      socket.addEventListener("open", () => events.opened());
      socket.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer) events.message(new Uint8Array(data));
        else socket.close(4400, "text is not understood here");
      });
      socket.addEventListener("error", () => {});
      socket.addEventListener("close", ({ code, reason }) => events.closed(code, reason));
      return {
        get bufferedBytes() {
          return socket.bufferedAmount;
        },
        send: (bytes) => {
          if (socket.readyState === open) socket.send(bytes.slice());
        },
        close: (code, reason) => socket.close(code, reason),
      };
    },
  };
}
