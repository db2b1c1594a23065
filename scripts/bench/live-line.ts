import { ClientFrame, livePath, ServerFrame } from "@unionhall/server/contract";
import { decodeWire, encodeWire } from "../../client/src/core/api/wire-bytes.ts";
import { LightSocket } from "./light-socket.ts";

type Numbered = ClientFrame;
type WithoutRequest<F> = F extends Numbered ? Omit<F, "request"> : never;
type Answer = Extract<ServerFrame, { readonly request: number }>;

/** A subscribed connection of somebody who writes: sends frames of the contract and waits for their answers; items are left unread. */
export class LiveLine {
  readonly #socket: LightSocket;
  readonly #waiting: Map<number, (answer: Answer) => void>;
  #requests = 0;

  private constructor(socket: LightSocket, waiting: Map<number, (answer: Answer) => void>) {
    this.#socket = socket;
    this.#waiting = waiting;
  }

  static async open(origin: string, group: Uint8Array, token: Uint8Array, after: number): Promise<LiveLine> {
    const waiting = new Map<number, (answer: Answer) => void>();
    const socket = await LightSocket.open(origin, livePath, (bytes) => {
      if (kindOf(bytes) === "items") return;
      const frame = decodeWire(ServerFrame, bytes);
      if (!("request" in frame)) return;
      waiting.get(frame.request)?.(frame);
      waiting.delete(frame.request);
    });
    const line = new LiveLine(socket, waiting);
    await line.ask({ kind: "subscribe", group, token, after });
    return line;
  }

  /** @throws when the hall refuses */
  async ask(frame: WithoutRequest<ClientFrame>): Promise<Answer> {
    this.#requests += 1;
    const request = this.#requests;
    const answered = new Promise<Answer>((resolve) => {
      this.#waiting.set(request, resolve);
    });
    this.#socket.send(encodeWire(ClientFrame, { ...frame, request }));
    const answer = await answered;
    if (answer.kind === "refused") throw new Error(`the hall refused: ${answer.code}`);
    return answer;
  }

  close(): void {
    this.#socket.close();
  }
}

/** The kind of a frame without decoding it: the first member of its array, a text shorter than 24 bytes. */
export function kindOf(frame: Buffer): string {
  return frame.toString("latin1", 2, 2 + ((frame[1] ?? 0) & 0x1f));
}
