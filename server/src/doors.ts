import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { FastifyInstance } from "fastify";
import { errorCode } from "./error-code.ts";
import { StartError } from "./start-error.ts";

export interface Doors {
  /**
   * Listens. Where no `host` is given, on both addresses of this machine alone: a browser that is told `localhost` may ask at either, and
   * another program behind the second would be handed the setup link's secret.
   *
   * @throws {StartError} one line: which port or address cannot be had
   */
  open(port: number, host: string | null): Promise<void>;
  /** Finishes what was begun; whoever is slower than ten seconds about it is cut off. */
  close(): Promise<void>;
}

const graceMilliseconds = 10_000;
const [ipv4Loopback, ipv6Loopback] = ["127.0.0.1", "::1"];

export function createDoors(app: FastifyInstance): Doors {
  // What comes in by the second door is the app's like the rest: its timeouts, its limits, its end.
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit("connection", socket);
  });
  return {
    open: async (port, host) => {
      await opened(port, host ?? ipv4Loopback, async (address) => {
        await app.listen({ port, host: address });
      });
      if (host !== null) return;
      await opened(port, ipv6Loopback, async (address) => {
        second.listen(port, address);
        await once(second, "listening");
      }).catch((error: unknown) => {
        // A machine without IPv6.
        if (!(error instanceof AddressMissing)) throw error;
      });
    },
    close: async () => {
      const closed = ended(second);
      const cut = setTimeout(() => app.server.closeAllConnections(), graceMilliseconds);
      await app.close();
      await closed;
      clearTimeout(cut);
    },
  };
}

async function ended(server: Server): Promise<void> {
  await new Promise<void>((done) => {
    server.close(() => done());
  });
}

/** No address of this machine. */
class AddressMissing extends StartError {}

const patienceMilliseconds = 2_000;

/** A hall that is just stopping may hold the port a moment longer. */
async function opened(port: number, address: string, listen: (address: string) => Promise<void>): Promise<void> {
  const end = Date.now() + patienceMilliseconds;
  for (;;) {
    try {
      await listen(address);
      return;
    } catch (error) {
      if (errorCode(error) !== "EADDRINUSE" || Date.now() >= end) throw listenError(error, port, address);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

function listenError(error: unknown, port: number, address: string): unknown {
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return new StartError(
        `port ${port} is taken by another program (at ${address}); stop it, or set PORT to another number`,
      );
    case "EACCES":
      return new StartError(`port ${port} may not be opened by this user; set PORT to a number above 1023`);
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "ENOTFOUND":
      return new AddressMissing(
        `HOST is ${JSON.stringify(address)}, which is no address of this machine; set HOST to one, or leave it out`,
      );
    default:
      return error;
  }
}
