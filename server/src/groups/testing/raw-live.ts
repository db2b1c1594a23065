import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { livePath } from "../../contract/live.ts";

const closeFrame = 0x88;
const binaryFrame = 0x82;

/** A masked binary message, or the beginning of one that is said to have `length` bytes. */
export function masked(payload: Uint8Array, length = payload.length): Buffer {
  const mask = randomBytes(4);
  const head = Buffer.alloc(10);
  head[0] = binaryFrame;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** A connection to the live endpoint by a program that keeps to nothing: it writes what it wants and answers no ping. */
export class RawLive implements Disposable {
  readonly socket: Socket;
  /** The code of the close frame that came. */
  readonly closeCode: Promise<number>;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closeCode = new Promise((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        const at = chunk.indexOf(closeFrame);
        if (at >= 0 && chunk[at + 1] === 2) resolve(chunk.readUInt16BE(at + 2));
      });
    });
    // What it writes to a connection that has ended.
    socket.on("error", () => undefined);
  }

  static async connect(port: number): Promise<RawLive> {
    const socket = connect(port, "127.0.0.1");
    const key = randomBytes(16).toString("base64");
    const lines = [`GET ${livePath} HTTP/1.1`, "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write([...lines, `Sec-WebSocket-Key: ${key}`, "Sec-WebSocket-Version: 13", "", ""].join("\r\n"));
    await new Promise((resolve) => {
      socket.once("data", resolve);
    });
    return new RawLive(socket);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
