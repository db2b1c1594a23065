import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Tunnel } from "./tunnel.ts";

/** One request as it left the browser. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/**
 * A browser's only line to the world: a proxy of its own that sees what the page, its worker and the browser itself send, lets through what
 * goes to the hall, refuses everything else, and can be cut like a cable.
 */
export class Line implements AsyncDisposable {
  readonly sent: Sent[] = [];
  /** Hosts other than the hall's that something asked for. */
  readonly strays: string[] = [];
  readonly tunnels: Tunnel[] = [];
  readonly #host: string;
  readonly #server = createServer((asked, reply) => this.#pass(asked, reply));
  readonly #sockets = new Set<Duplex>();
  #cut = false;

  /** @param host the hall's host and port */
  constructor(host: string) {
    this.#host = host;
    this.#server.on("connection", (socket) => this.#keep(socket));
    this.#server.on("connect", (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#tunnel(asked, socket, head);
    });
  }

  /** @returns the address of the proxy */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new TypeError("the line has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #keep(socket: Duplex): void {
    if (this.#cut) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #isStray(host: string): boolean {
    if (host === this.#host) return false;
    this.strays.push(host);
    return true;
  }

  #pass(asked: IncomingMessage, reply: ServerResponse): void {
    const url = new URL(asked.url ?? "/", `http://${this.#host}`);
    if (this.#isStray(url.host)) {
      reply.writeHead(403).end();
      return;
    }
    const sent: Sent = { method: asked.method ?? "", url: url.href, headers: asked.headers, body: Buffer.alloc(0) };
    this.sent.push(sent);
    const { hostname, port, pathname, search } = url;
    const onward = request(
      { hostname, port, path: pathname + search, method: asked.method, headers: asked.headers },
      (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      },
    );
    onward.on("error", () => reply.destroy());
    reply.on("close", () => onward.destroy());
    asked.on("data", (part: Buffer) => {
      sent.body = Buffer.concat([sent.body, part]);
    });
    asked.pipe(onward);
  }

  /** Websockets go through a proxy as a tunnel. */
  #tunnel(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    const host = asked.url ?? "";
    if (this.#isStray(host)) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const { hostname, port } = new URL(`http://${host}`);
    const onward: Socket = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    const tunnel = new Tunnel();
    this.tunnels.push(tunnel);
    tunnel.add(head);
    socket.on("data", (part: Buffer) => tunnel.add(part));
    onward.on("error", () => socket.destroy());
    onward.on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    socket.on("error", () => onward.destroy());
  }
}
