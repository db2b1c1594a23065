import { expect, test } from "vitest";
import { createWorld, type Founded, type Member } from "../world.ts";
import type { ClientFrame, ServerFrame } from "../../server/src/contract/index.ts";

type Refusal = Pick<Extract<ServerFrame, { readonly kind: "refused" }>, "code" | "retryAfterSeconds">;
/** Says of no record that it was taken, and that all is well. */
const nothing = { code: "appended", retryAfterSeconds: null } as const;

/** Whatever this member's program asks to have written, the hall does not do, and gives this answer. Says how often it was asked. */
function refuseToWrite(to: Member, kind: "append" | "chain", refusal: Refusal | typeof nothing): () => number {
  const asked = new Set<number>();
  const frame = (one: ClientFrame): ClientFrame => {
    if (one.kind !== kind) return one;
    asked.add(one.request);
    return { kind: "stop-await", request: one.request, group: one.group };
  };
  const answer = (one: ServerFrame): ServerFrame => {
    if (one.kind !== "done" || !asked.has(one.request)) return one;
    const { request } = one;
    if (refusal.code === "appended") return { kind: "appended", request, seqs: [], day: 0 };
    return { kind: "refused", request, seqs: [], hash: null, newest: null, ...refusal };
  };
  to.between.lies = { toServer: (one) => [frame(one)], fromServer: (one) => [answer(one)] };
  return () => asked.size;
}

/** Time in which a program that does not pause asks many hundred times: other people write and read. */
async function whileOthersWrite(writer: Member, reader: Member, group: Founded, what: string): Promise<void> {
  for (let round = 0; round < 12; round++) {
    const text = `${what} ${round}`;
    await writer.post(group, text);
    await reader.until(
      () => reader.texts(group),
      (texts) => texts.includes(text),
    );
  }
}

/** How often the same may be asked in so many seconds: after three attempts, pauses of half a second at least that double. */
const withPauses = (seconds: number): number => 4 + Math.log2(2 * seconds + 1);

const refusals: readonly {
  readonly kind: "append" | "chain";
  readonly refusal: Refusal | typeof nothing;
  readonly most: (seconds: number) => number;
}[] = [
  { kind: "chain", refusal: { code: "index-taken", retryAfterSeconds: null }, most: withPauses },
  { kind: "chain", refusal: { code: "era-ended", retryAfterSeconds: null }, most: withPauses },
  { kind: "chain", refusal: { code: "steward-counter-used", retryAfterSeconds: null }, most: withPauses },
  { kind: "chain", refusal: { code: "too-many-requests", retryAfterSeconds: 0 }, most: (seconds) => 1 + seconds },
  { kind: "chain", refusal: { code: "chain-reserved", retryAfterSeconds: 4_000_000 }, most: (seconds) => 1 + seconds },
  { kind: "append", refusal: { code: "era-ended", retryAfterSeconds: null }, most: withPauses },
  { kind: "append", refusal: { code: "too-many-requests", retryAfterSeconds: 1e6 }, most: (seconds) => 1 + seconds },
  { kind: "append", refusal: nothing, most: (seconds) => 1 + seconds },
];

test("attack 35: a hall that refuses the same for ever makes no program busy, and none silent for longer than a minute", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  for (const [at, { kind, refusal, most }] of refusals.entries()) {
    const begun = world.clock.now();
    const asked = refuseToWrite(ana, kind, refusal);
    const before = (await ana.group(group.groupId)).state.eras.length;
    const done =
      kind === "chain"
        ? (await ana.group(group.groupId)).propose([{ kind: "new-era", after: before - 1 }])
        : ana.post(group, `post ${at}`);
    const what = `${kind} ${refusal.code} ${refusal.retryAfterSeconds}`;
    await whileOthersWrite(bongani, chidi, group, what);
    expect(asked(), what).toBeGreaterThan(0);
    expect(asked(), what).toBeLessThanOrEqual(most((world.clock.now() - begun) / 1_000));
    ana.between.lies = {};
    world.clock.advance(60_000);
    await done;
    await chidi.until(
      async () => ({
        texts: await chidi.texts(group),
        eras: (await chidi.group(group.groupId)).state.eras.length,
      }),
      ({ texts, eras }) => (kind === "append" ? texts.includes(`post ${at}`) : eras > before),
    );
  }
});
