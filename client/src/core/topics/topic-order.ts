/**
 * In which order the posts of a topic stand. By the time their authors claim, but never before what the author had seen: a clock that is wrong
 * cannot put an answer before its question.
 *
 * Every record gets a place: the greatest of the time it claims, the start of its era, and one more than the places of the records it names
 * (its device's previous one, and those seen from others). Equal places are ordered by record hash. The place follows from the chain and the
 * records alone, whatever the order in which they came, as long as those that a record names are there when it is placed; one that is missing
 * then is left out of account, and the place stays.
 *
 * The start of the era bounds how far back a record can be put: into the days since the era began, not into last year's discussion.
 */
export interface OrderClaims {
  /** By the author's clock, milliseconds since 1970. */
  readonly time: number;
  /** When the record's era began, by the starting entry. */
  readonly eraStartedAt: number;
  /** Places of the records it names, of those that are held. */
  readonly named: readonly number[];
}

/** A safe integer: times are at most 8.64e15, and each record adds at most one. */
export function placeOf({ time, eraStartedAt, named }: OrderClaims): number {
  return Math.max(time, eraStartedAt, ...named.map((place) => place + 1));
}

export interface Ordered {
  readonly place: number;
  /** Lower-case hex of the record hash. */
  readonly hash: string;
}

/** Negative where `a` stands before `b`. */
export function compareOrder(a: Ordered, b: Ordered): number {
  return a.place - b.place || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
}
