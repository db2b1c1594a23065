import { encode, fromBase64Url, sign, signInStructure, toBase64Url, type SigningKeyPair } from "@unionhall/crypto";
import { CreateChallenge, CreateSession } from "@unionhall/server/contract";
import type { Api } from "../api/api.ts";
import type { SessionSource } from "../api/http-api.ts";
import type { Clock } from "../platform.ts";
import { HallError } from "../problems.ts";

/** Renewed this long before it ends. */
const marginMilliseconds = 10 * 60 * 1000;

/**
 * Sessions of the account plane, made on demand: a challenge of the server, signed by the device key, or by the sign-in key while recovering
 * (protocol section 3).
 */
export class SessionTokens implements SessionSource {
  readonly #api: Api;
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #accountId: Uint8Array;
  readonly #key: SigningKeyPair;
  #current: { readonly session: Uint8Array; readonly until: number } | null = null;
  #signingIn: Promise<Uint8Array> | null = null;

  /** @param api without a session of its own */
  constructor(
    parts: { readonly api: Api; readonly origin: string; readonly clock: Clock },
    accountId: Uint8Array,
    key: SigningKeyPair,
  ) {
    this.#api = parts.api;
    this.#origin = parts.origin;
    this.#clock = parts.clock;
    this.#accountId = accountId;
    this.#key = key;
  }

  /** @throws HallError `no-account` when the hall knows no such account, `server-refused` when this key was revoked, `offline` */
  async session(): Promise<Uint8Array> {
    if (this.#current !== null && this.#clock.now() < this.#current.until) return this.#current.session;
    this.#signingIn ??= this.#signIn().finally(() => {
      this.#signingIn = null;
    });
    return this.#signingIn;
  }

  forget(session: Uint8Array): void {
    if (this.#current !== null && toBase64Url(this.#current.session) === toBase64Url(session)) this.#current = null;
  }

  async #signIn(): Promise<Uint8Array> {
    const { body } = await this.#api.call(CreateChallenge, {});
    const challenge = fromBase64Url(body.challenge);
    const payload = encode(signInStructure, { origin: this.#origin, challenge, accountId: this.#accountId });
    const request = {
      accountId: toBase64Url(this.#accountId),
      key: toBase64Url(this.#key.publicKey),
      challenge: body.challenge,
      signature: toBase64Url(sign(payload, this.#key.secretKey)),
    };
    const reply = await this.#api.call(CreateSession, { body: request }, ["unknown-account", "key-refused"]);
    if (reply.kind === "problem") throw refusal(reply.code);
    const session = fromBase64Url(reply.body.session);
    this.#current = { session, until: this.#clock.now() + reply.body.expiresInSeconds * 1000 - marginMilliseconds };
    return session;
  }
}

function refusal(code: "unknown-account" | "key-refused"): HallError {
  return code === "unknown-account"
    ? new HallError("no-account", "this hall knows no account of these keys")
    : new HallError("server-refused", "this device was revoked");
}
