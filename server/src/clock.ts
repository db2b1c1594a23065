/** Milliseconds since 1970-01-01 UTC. */
export type Clock = () => number;

const millisecondsPerDay = 86_400_000;

/** The day of a moment: days since 1970-01-01 UTC. Stored rows know no finer time. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / millisecondsPerDay);
}
