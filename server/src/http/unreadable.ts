import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type ProblemCode, problems } from "../contract/problem.ts";
import { problemBody } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";

/** Answers what cannot be read as HTTP with a problem of the contract, and ends the connection. Nothing of it is logged. */
export function answerUnreadable(error: Error, socket: Socket, origin: string): void {
  if (socket.writable && !isGone(error)) socket.write(answer(codeOf(error), origin));
  socket.destroySoon();
}

function isGone(error: Error): boolean {
  return "code" in error && error.code === "ECONNRESET";
}

/** Node limits headers to 16 KiB together. */
function codeOf(error: Error): ProblemCode {
  return "code" in error && error.code === "HPE_HEADER_OVERFLOW" ? "body-too-large" : "malformed-request";
}

function answer(code: ProblemCode, origin: string): string {
  const { status } = problems[code];
  const body = JSON.stringify(problemBody(code));
  const headers = {
    // Of no page: whatever was asked for.
    ...securityHeaders("/api/", origin),
    "content-type": "application/problem+json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n");
}
