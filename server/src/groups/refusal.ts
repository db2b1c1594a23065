import type { ProblemCode } from "../contract/problem.ts";
import { ProblemError } from "../http/problem.ts";

/** Why the group plane did not do what was asked: an answer, not a failure. Nothing was changed. */
export interface Refusal {
  readonly code: ProblemCode;
  /** Hash (32) of what stands where something else was to stand. */
  readonly hash?: Uint8Array;
  /** The newest era, or the chain's newest index. */
  readonly newest?: number;
  readonly retryAfterSeconds?: number;
}

/** Ends a transaction without a trace, and says why. On HTTP it is the problem it names. */
export class RefusedError extends ProblemError {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    const { code, retryAfterSeconds } = refusal;
    super(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    this.refusal = refusal;
  }
}

export function refuse(code: ProblemCode, rest: Omit<Refusal, "code"> = {}): never {
  throw new RefusedError({ code, ...rest });
}
