import { fromHex, toHex, type BodyFacts, type RecordFacts, type Verdict } from "@unionhall/crypto";

/**
 * Crypto's facts of a record as they are stored: bytes instead of hexadecimal, about 300 in all; with the verdict they led to, and the
 * record's place in the order shown.
 */
export interface StoredFacts {
  readonly hash: Uint8Array;
  readonly recordId: Uint8Array;
  readonly era: number;
  readonly topic: Uint8Array | null;
  readonly target: Uint8Array | null;
  readonly expires: number | null;
  readonly stub: {
    readonly device: Uint8Array;
    readonly number: number;
    readonly previousNumber: number;
    readonly previousHash: Uint8Array;
    readonly headIndex: number;
  } | null;
  readonly body: StoredBodyFacts;
  readonly arrivedLate: boolean;
  readonly verdict: Verdict;
  readonly place: number;
}

export type StoredBodyFacts =
  | {
      readonly kind: "open";
      readonly author: Uint8Array;
      readonly recordKind: string;
      readonly known: boolean;
      readonly titled: boolean;
      readonly certified: boolean;
      readonly headHash: Uint8Array;
      readonly seen: readonly Uint8Array[];
      readonly time: number;
    }
  | Exclude<BodyFacts, { readonly kind: "open" } | { readonly kind: "gone" }>
  | { readonly kind: "gone"; readonly erasedBy: Uint8Array | null };

const bytesOrNull = (text: string | null): Uint8Array | null => (text === null ? null : fromHex(text));
const hexOrNull = (bytes: Uint8Array | null): string | null => (bytes === null ? null : toHex(bytes));

export function storeFacts(facts: RecordFacts, verdict: Verdict, place: number): StoredFacts {
  const { stub } = facts;
  return {
    hash: fromHex(facts.hash),
    recordId: fromHex(facts.recordId),
    era: facts.era,
    topic: bytesOrNull(facts.topic),
    target: bytesOrNull(facts.target),
    expires: facts.expires,
    stub: stub === null ? null : { ...stub, device: fromHex(stub.device), previousHash: fromHex(stub.previousHash) },
    body: storeBody(facts.body),
    arrivedLate: facts.arrivedLate,
    verdict,
    place,
  };
}

export function readFacts(stored: StoredFacts): RecordFacts {
  const { stub } = stored;
  return {
    hash: toHex(stored.hash),
    recordId: toHex(stored.recordId),
    era: stored.era,
    topic: hexOrNull(stored.topic),
    target: hexOrNull(stored.target),
    expires: stored.expires,
    stub: stub === null ? null : { ...stub, device: toHex(stub.device), previousHash: toHex(stub.previousHash) },
    body: readBody(stored.body),
    arrivedLate: stored.arrivedLate,
  };
}

function storeBody(body: BodyFacts): StoredBodyFacts {
  switch (body.kind) {
    case "open":
      return {
        ...body,
        author: fromHex(body.author),
        headHash: fromHex(body.headHash),
        seen: body.seen.map(fromHex),
      };
    case "gone":
      return { kind: "gone", erasedBy: bytesOrNull(body.erasedBy) };
    case "refused":
    case "locked":
    case "newer-version":
      return body;
  }
}

function readBody(body: StoredBodyFacts): BodyFacts {
  switch (body.kind) {
    case "open":
      return { ...body, author: toHex(body.author), headHash: toHex(body.headHash), seen: body.seen.map(toHex) };
    case "gone":
      return { kind: "gone", erasedBy: hexOrNull(body.erasedBy) };
    case "refused":
    case "locked":
    case "newer-version":
      return body;
  }
}
