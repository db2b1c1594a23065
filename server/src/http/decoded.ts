import { fromBase64url } from "../contract/base64url.ts";
import { ProblemError } from "./problem.ts";

/**
 * Bytes of a member that the contract describes as base64url.
 *
 * @throws {ProblemError} `malformed-request` when the text is not the canonical one
 */
export function decoded(text: string): Uint8Array {
  const bytes = fromBase64url(text);
  if (bytes === null) throw new ProblemError("malformed-request", { detail: "base64url that is not canonical" });
  return bytes;
}
