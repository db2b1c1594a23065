import type { ServerFrame } from "../contract/live.ts";
import { type Refusal, RefusedError } from "../groups/refusal.ts";
import { problemOf } from "../http/problem.ts";

/** The answer that a request was refused; `seqs` of what of it was done before. */
export function refusalOf(request: number, refusal: Refusal, seqs: readonly number[] = []): ServerFrame {
  return {
    kind: "refused",
    request,
    code: refusal.code,
    seqs: [...seqs],
    hash: refusal.hash ?? null,
    newest: refusal.newest ?? null,
    retryAfterSeconds: refusal.retryAfterSeconds ?? null,
  };
}

/** The same for what was thrown. What is a failure, and no answer, is told to `onFailure`. */
export function refusedBy(onFailure: (error: unknown) => void): (request: number, error: unknown) => ServerFrame {
  return (request, error) => {
    if (error instanceof RefusedError) return refusalOf(request, error.refusal);
    const { code } = problemOf(error);
    if (code === "internal-error") onFailure(error);
    return refusalOf(request, { code });
  };
}
