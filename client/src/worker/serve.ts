import { HallError, type Unionhall } from "../core/index.ts";
import type { DoorName, FromCore, Line, ToCore } from "./messages.ts";

/** Answers the calls that come over a line with a hall, and sends it the hall's changes. Returns the way to stop. */
export function serveUnionhall(hall: Unionhall, line: Line<FromCore, ToCore>, wake: () => void): () => void {
  const unsubscribe = hall.subscribe((change) => line.send({ kind: "change", change }));
  line.listen((message) => {
    if (message.kind === "wake") wake();
    else if (message.kind === "call") void answer(hall, message).then((reply) => line.send(reply));
  });
  return unsubscribe;
}

/** One call and its answer; never rejects. */
export async function answer(hall: Unionhall, call: Extract<ToCore, { readonly kind: "call" }>): Promise<FromCore> {
  const { id } = call;
  try {
    const value = await methodOf(hall, call.door, call.method)(...call.args);
    return { kind: "result", id, value };
  } catch (error) {
    if (error instanceof HallError) return { kind: "failed", id, problem: error.problem, detail: error.detail };
    // The message of a fault may hold what was worked on; its kind cannot.
    return { kind: "broken", id, message: error instanceof Error ? error.name : "unknown fault" };
  }
}

const ownMethods = ["settled", "close"];

function methodOf(hall: Unionhall, door: DoorName, method: string): (...args: readonly unknown[]) => unknown {
  if (door === "hall" && !ownMethods.includes(method)) throw new TypeError("no such method");
  const target: object = door === "hall" ? hall : hall[door];
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== "function" || method in Object.prototype) throw new TypeError("no such method");
  return (...args) => Reflect.apply(found, target, args) as unknown;
}
