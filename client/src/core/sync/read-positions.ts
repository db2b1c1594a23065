import { blockLength, type StoredList } from "../storage/store.ts";

/** Values of a list at many positions, each stretch of the list read once: neighbours lie in one sealed block. */
export async function readPositions<V>(
  list: StoredList<V>,
  positions: readonly number[],
): Promise<ReadonlyMap<number, V>> {
  const found = new Map<number, V>();
  const wanted = new Set(positions);
  for (const block of new Set(positions.map((position) => Math.floor(position / blockLength)))) {
    const range = { from: block * blockLength, limit: blockLength, direction: "forward" } as const;
    for (const { position, value } of await list.range(range)) if (wanted.has(position)) found.set(position, value);
  }
  return found;
}
