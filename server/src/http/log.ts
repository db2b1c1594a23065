import { type FastifyServerOptions, LogController } from "fastify";
import { dayOf } from "../clock.ts";
import { traceOf } from "./problem.ts";

/** Where the log's lines go, each with its end of line. */
export interface LogStream {
  write(line: string): void;
}

/**
 * The log tells the operator that something failed and where in the program, and nothing that helps whoever takes the disk: no addresses,
 * ids, paths or messages of errors, no line per request, days instead of moments.
 */
export function logOptions(stream: LogStream): Pick<FastifyServerOptions, "logger" | "logController"> {
  const logger = {
    level: "warn",
    stream,
    base: null,
    timestamp: () => `,"day":${dayOf(Date.now())}`,
    hooks: { logMethod: withoutMessages },
  };
  return { logger, logController: new LogController({ disableRequestLogging: true }) };
}

type LogCall = (...args: [object, string]) => void;

/** Errors that the framework or a plugin logs are cut down to what they are and where they arose. */
function withoutMessages(this: object, args: readonly unknown[], method: (...args: never[]) => void): void {
  const log: LogCall = (...line) => Reflect.apply(method, this, line);
  const [subject, message] = args;
  const error = errorIn(subject);
  if (error !== null) log({ failure: traceOf(error) }, "something failed");
  else if (typeof subject === "object" && subject !== null) log(subject, typeof message === "string" ? message : "");
  else log({}, typeof subject === "string" ? subject : "");
}

function errorIn(subject: unknown): unknown {
  if (subject instanceof Error) return subject;
  if (typeof subject !== "object" || subject === null || !("err" in subject)) return null;
  return subject.err;
}
