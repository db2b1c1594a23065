import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type ProblemCode, problems } from "../contract/problem.ts";

export interface ProblemExtras {
  /** What happened, in words that hold no id, key or content. */
  readonly detail?: string;
  /** Becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further members of the reply that its schema in the contract names: the tag of a vault, the hash of a record. */
  readonly members?: Readonly<Record<string, string | number>>;
}

/** Thrown by handlers to answer with a problem of the contract. It is an answer, not a failure: it is never logged. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;
  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    super(code);
    this.code = code;
    this.extras = extras;
  }
}

/** The body of a problem reply (RFC 9457). */
export function problemBody(code: ProblemCode, { detail, retryAfterSeconds, members }: ProblemExtras = {}): object {
  const { status, title } = problems[code];
  return { type: "about:blank", title, status, code, detail, retryAfterSeconds, ...members };
}

export async function sendProblem(reply: FastifyReply, code: ProblemCode, extras: ProblemExtras = {}): Promise<void> {
  if (extras.retryAfterSeconds !== undefined) reply.header("retry-after", String(extras.retryAfterSeconds));
  // Bytes: the schema of the route's good answers has no say in how a problem is written.
  const body = Buffer.from(JSON.stringify(problemBody(code, extras)));
  await reply.code(problems[code].status).type("application/problem+json").send(body);
}

/** Makes every refusal and failure of the app a problem of the contract, also those of the framework. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler(async (error, request, reply) => {
    const { code, extras } = problemOf(error);
    if (code === "internal-error") logFailure(error, request);
    await sendProblem(reply, code, extras);
  });
}

const ofFramework: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
};

interface Answer {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;
}

/** How any error is answered. */
export function problemOf(error: unknown): Answer {
  if (error instanceof ProblemError) return { code: error.code, extras: error.extras };
  if (isLostConnection(error)) return { code: "database-unreachable", extras: {} };
  if (!isFrameworkError(error)) return { code: "internal-error", extras: {} };
  if (error.validation !== undefined) {
    // A byte string longer than the contract's limit of it; the schemas have a greatest length for nothing else.
    const isTooLong = error.validation.some(({ keyword }) => keyword === "maxLength");
    return { code: isTooLong ? "body-too-large" : "malformed-request", extras: { detail: validationWords(error) } };
  }
  const code = ofFramework[error.code];
  if (code !== undefined) return { code, extras: {} };
  const isClients = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return { code: isClients ? "malformed-request" : "internal-error", extras: {} };
}

function isFrameworkError(error: unknown): error is FastifyError {
  return (
    error instanceof Error && ("validation" in error || ("code" in error && String(error.code).startsWith("FST_")))
  );
}

/** Which member is wrong and what was expected, without the value that came. */
function validationWords({ validation = [], validationContext = "body" }: FastifyError): string {
  const [first] = validation;
  const where =
    first === undefined || first.instancePath === "" ? validationContext : validationContext + first.instancePath;
  return `${where} ${first?.message ?? "is malformed"}`;
}

/** PostgreSQL's classes 08 (connection), 57P (shutting down) and 53 (no resources), and sockets that cannot be opened. */
function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (/timeout exceeded when trying to connect|Connection terminated|is not queryable/.test(error.message)) return true;
  return "code" in error && /^(08\w{3}|57P\w\w|53\w{3}|ECONNREFUSED|ECONNRESET|ENOTFOUND)$/.test(String(error.code));
}

/** What failed and where in the program. Messages stay out: a database's may hold values of rows. */
function logFailure(error: unknown, request: FastifyRequest): void {
  request.log.error({ route: request.routeOptions.url ?? "none", failure: traceOf(error) }, "a request failed");
}

/** An error's class, code and places in the program, without its message. */
export function traceOf(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const at = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const code = "code" in error ? String(error.code) : undefined;
  const constraint = "constraint" in error ? String(error.constraint) : undefined;
  return { name: error.name, code, constraint, at: at.slice(0, 8).map((line) => line.trim()) };
}
