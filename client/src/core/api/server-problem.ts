import { AnyProblem, type ProblemCode } from "@unionhall/server/contract";
import type { HttpResponse } from "../platform.ts";
import { HallError, type HallProblem } from "../problems.ts";
import { matchesSchema } from "./matches-schema.ts";
import { parseJson } from "./parse-json.ts";

/** What core says to a code of the server that the caller did not expect; the others are `server-refused`. */
const known: Partial<Record<ProblemCode, HallProblem>> = {
  "too-many-requests": "server-busy",
  "hall-closing": "server-busy",
  "database-unreachable": "server-busy",
  "internal-error": "server-busy",
  "quota-spent": "quota-spent",
  "group-full": "group-full",
  "unknown-group": "group-unknown",
};

/** The code of a reply of status 400 and above, or null when it is no problem of the contract. */
export function problemOf(
  response: HttpResponse,
): { readonly code: ProblemCode; readonly retryAfterSeconds: number | null } | null {
  const body = parseJson(response.body);
  if (!matchesSchema(AnyProblem, body)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just compared with the schema that this type is made from
  const { code, retryAfterSeconds } = body as AnyProblem;
  return { code, retryAfterSeconds: retryAfterSeconds ?? null };
}

/** The error for a code that nobody expected. */
export function hallErrorOf(code: ProblemCode): HallError {
  return new HallError(known[code] ?? "server-refused", `the hall answered: ${code}`);
}
