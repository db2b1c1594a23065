import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

const opcode = { binary: 2, close: 8, ping: 9, pong: 10 } as const;

/**
 * As little of a websocket (RFC 6455) as a reader of a benchmark needs, so that five hundred of them fit into one process: whole binary
 * messages, pings answered. Frames to the server are masked with zeros, which the server undoes as it would any other mask.
 */
export class LightSocket {
  readonly #socket: Socket;
  readonly #message: (bytes: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;
  /** Settles when the connection has ended. */
  readonly ended: Promise<void>;

  private constructor(socket: Socket, message: (bytes: Buffer) => void) {
    this.#socket = socket;
    this.#message = message;
    this.ended = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
      });
    });
  }

  static async open(origin: string, path: string, message: (bytes: Buffer) => void): Promise<LightSocket> {
    const { hostname, port, host } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const light = new LightSocket(socket, message);
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.on("data", (data) => {
        light.#take(typeof data === "string" ? Buffer.from(data) : data, resolve);
      });
      const key = randomBytes(16).toString("base64");
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
    });
    socket.removeAllListeners("error");
    socket.on("error", () => {});
    return light;
  }

  send(payload: Uint8Array): void {
    this.#frame(opcode.binary, payload);
  }

  close(): void {
    this.#frame(opcode.close, Buffer.of(0x03, 0xe8));
    this.#socket.end();
  }

  #frame(kind: number, payload: Uint8Array): void {
    const { length } = payload;
    const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const head = Buffer.alloc(2 + size + 4);
    head[0] = 0x80 | kind;
    head[1] = 0x80 | (size === 0 ? length : size === 2 ? 126 : 127);
    if (size === 2) head.writeUInt16BE(length, 2);
    if (size === 8) head.writeBigUInt64BE(BigInt(length), 2);
    this.#socket.write(head);
    this.#socket.write(payload);
  }

  #take(data: Buffer, opened: () => void): void {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    if (!this.#isOpen) {
      const end = this.#rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!this.#rest.toString("latin1", 0, end).startsWith("HTTP/1.1 101")) this.#socket.destroy();
      this.#rest = this.#rest.subarray(end + 4);
      this.#isOpen = true;
      opened();
    }
    while (this.#takeFrame());
  }

  /** Takes one whole frame off what has come; false when there is none. */
  #takeFrame(): boolean {
    const bytes = this.#rest;
    const [first, second] = bytes;
    if (first === undefined || second === undefined) return false;
    const short = second & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) return false;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return false;
    const payload = bytes.subarray(start, start + length);
    this.#rest = bytes.subarray(start + length);
    const kind = first & 0x0f;
    if (kind === opcode.binary) this.#message(payload);
    else if (kind === opcode.ping) this.#frame(opcode.pong, payload);
    else if (kind === opcode.close) this.#socket.end();
    return true;
  }
}
