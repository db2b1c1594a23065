/** What of a websocket a connection uses; the sockets of `ws` are such. */
export interface LiveSocket {
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number;
  send(message: Buffer, options: { readonly binary: true; readonly compress: false; readonly fin: true }): void;
  close(code: number): void;
  terminate(): void;
  ping(): void;
  /** Stops reading from the network, and goes on. */
  pause(): void;
  resume(): void;
  on(event: "message", listener: (data: unknown, isBinary: boolean) => void): void;
  on(event: "close" | "pong", listener: () => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  removeAllListeners(event: "error"): void;
}
