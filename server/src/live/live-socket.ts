/** What of a websocket a connection uses; the sockets of `ws` are such. */
export interface LiveSocket {
  /** 1 while messages may be sent. */
  readonly readyState: number;
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

/** The network socket below: bytes are counted as they come, and messages that are framed already are written to it. `ws` writes its own frames there, each in one piece. */
export interface Wire {
  /** Bytes handed over and not yet taken by the network. */
  readonly writableLength: number;
  /** Bytes that have come, of messages and of what `ws` keeps of unfinished ones. */
  readonly bytesRead: number;
  on(event: "data", listener: () => void): void;
  write(bytes: Buffer): boolean;
}
