import { randomBytes } from "node:crypto";
import {
  encode,
  registrationStructure,
  type RootKeys,
  rootKeys,
  sign,
  type SigningKeyPair,
  signInStructure,
  signingKeyPair,
  signToWire,
  type StatementFact,
  statementStructure,
} from "@unionhall/crypto";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { toBase64url } from "../contract/base64url.ts";
import type { TestApp } from "./test-app.ts";

/** Somebody with the keys of an account, as the server sees them. */
export interface TestAccount {
  readonly id: string;
  readonly keys: RootKeys;
  readonly device: SigningKeyPair;
}

export function newTestAccount(): TestAccount {
  const keys = rootKeys(randomBytes(16));
  return { id: toBase64url(keys.accountId), keys, device: newKey() };
}

export function newKey(): SigningKeyPair {
  return signingKeyPair(randomBytes(32));
}

export function factOfDevice({ publicKey }: SigningKeyPair): StatementFact {
  return {
    kind: "device",
    signingKey: publicKey,
    detailsHash: randomBytes(32),
    boxKeyHash: randomBytes(32),
    day: 20_000,
  };
}

export function factOfRevocation({ publicKey }: SigningKeyPair): StatementFact {
  return { kind: "revoke", signingKey: publicKey, boxKeyHash: randomBytes(32), day: 20_000 };
}

/** A statement as the server takes it: base64url of CBOR `[payload, signature]`. */
export function statementText(identity: SigningKeyPair, fact: StatementFact): string {
  return toBase64url(signToWire(statementStructure, { identityKey: identity.publicKey, fact }, identity));
}

/** The `registration` member of a request. */
export function registrationText({ keys, device }: TestAccount, origin: string): string {
  const deviceStatement = signToWire(
    statementStructure,
    { identityKey: keys.identity.publicKey, fact: factOfDevice(device) },
    keys.identity,
  );
  const { identity, signIn: signInKey } = keys;
  const registration = { origin, identityKey: identity.publicKey, signInKey: signInKey.publicKey, deviceStatement };
  return toBase64url(signToWire(registrationStructure, registration, identity));
}

export async function ask(
  app: FastifyInstance,
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  rest: Pick<InjectOptions, "payload" | "headers"> = {},
): Promise<LightMyRequestResponse> {
  return await app.inject({ method, url, ...rest });
}

/** A challenge, as bytes. */
export async function challengeOf({ app }: TestApp): Promise<Uint8Array> {
  const reply = await ask(app, "POST", "/api/challenges");
  return Buffer.from(reply.json<{ challenge: string }>().challenge, "base64url");
}

/** The body of a sign-in by `key`. */
export async function signInBody(
  hall: TestApp,
  { id, keys }: TestAccount,
  key: SigningKeyPair,
): Promise<{ accountId: string; key: string; challenge: string; signature: string }> {
  const challenge = await challengeOf(hall);
  const payload = encode(signInStructure, { origin: hall.origin, challenge, accountId: keys.accountId });
  return {
    accountId: id,
    key: toBase64url(key.publicKey),
    challenge: toBase64url(challenge),
    signature: toBase64url(sign(payload, key.secretKey)),
  };
}

/** Signs in with the account's device and returns the headers of a request with that session. */
export async function signIn(
  hall: TestApp,
  account: TestAccount,
  key = account.device,
): Promise<{ authorization: string }> {
  const reply = await ask(hall.app, "POST", "/api/sessions", { payload: await signInBody(hall, account, key) });
  if (reply.statusCode !== 201) throw new Error(`sign-in answered ${reply.statusCode}`);
  return { authorization: `Bearer ${reply.json<{ session: string }>().session}` };
}

/** Registers a new account: the first through the setup secret, others with a ticket that is put into the database. */
export async function registered(hall: TestApp): Promise<TestAccount> {
  const account = newTestAccount();
  const payload = { registration: registrationText(account, hall.origin), admission: await hall.admission() };
  const reply = await ask(hall.app, "POST", "/api/accounts", { payload });
  if (reply.statusCode !== 201) throw new Error(`registration answered ${reply.statusCode}`);
  return account;
}
