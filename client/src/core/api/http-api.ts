import {
  authorizationSchemes,
  RawBytes,
  toBase64url,
  type Endpoint,
  type ProblemCode,
} from "@unionhall/server/contract";
import { toUtf8 } from "@unionhall/crypto";
import { Unreachable, type Http, type HttpRequest, type HttpResponse } from "../platform.ts";
import { HallError } from "../problems.ts";
import type { StopSignal } from "../stop.ts";
import type { Api, CallOf, Problem, Replied, Reply } from "./api.ts";
import { matchesSchema } from "./matches-schema.ts";
import { parseJson } from "./parse-json.ts";
import { hallErrorOf, problemOf } from "./server-problem.ts";

/** Where the session of the account plane comes from. */
export interface SessionSource {
  /** A live session, signing in when there is none. @throws HallError */
  session(): Promise<Uint8Array>;
  /** The server does not know this session any more. */
  forget(session: Uint8Array): void;
}

/** What {@link CallOf} may hold, of whichever endpoint. */
interface AnyCall {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly token?: Uint8Array;
  readonly stop?: StopSignal;
}

const timeoutMilliseconds = 30_000;
/** Bytes per millisecond that a slow network still brings up, for requests with large bodies. */
const slowBytesPerMillisecond = 8;

/**
 * The typed HTTP client. `sessions` is asked only for endpoints whose authorization is `session`; nothing else can put a session into a
 * request, so none ever goes with one about groups (protocol section 4).
 */
export class HttpApi implements Api {
  readonly #origin: string;
  readonly #http: Http;
  readonly #sessions: SessionSource | null;

  constructor(origin: string, http: Http, sessions: SessionSource | null) {
    this.#origin = origin;
    this.#http = http;
    this.#sessions = sessions;
  }

  async call<E extends Endpoint, const C extends ProblemCode = never>(
    endpoint: E,
    request: CallOf<E>,
    expected: readonly C[] = [],
  ): Promise<Reply<E, C>> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the general form of every CallOf
    const call = request as AnyCall;
    const response = await this.#authorized(endpoint, call);
    if (response.status < 400) return replied(endpoint, response);
    const problem = problemOf(response);
    if (problem === null) throw lies(`status ${response.status} without a problem`);
    const code = expected.find((one) => one === problem.code);
    if (code === undefined) throw hallErrorOf(problem.code);
    const refused: Problem<C> = { kind: "problem", code, retryAfterSeconds: problem.retryAfterSeconds };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there is a code, so C is not never
    return refused as Reply<E, C>;
  }

  async #authorized(endpoint: Endpoint, call: AnyCall): Promise<HttpResponse> {
    if (endpoint.authorization === "none") return this.#send(endpoint, call, null);
    if (endpoint.authorization !== "session") return this.#send(endpoint, call, call.token ?? null);
    if (this.#sessions === null) throw new HallError("no-account", "this needs an account");
    const session = await this.#sessions.session();
    const response = await this.#send(endpoint, call, session);
    if (response.status !== 401) return response;
    this.#sessions.forget(session);
    return this.#send(endpoint, call, await this.#sessions.session());
  }

  async #send(endpoint: Endpoint, call: AnyCall, secret: Uint8Array | null): Promise<HttpResponse> {
    const { bytes: body, type } = bodyOf(call.body, endpoint.bodyType ?? "application/cbor");
    const request: HttpRequest = {
      method: endpoint.method,
      url: this.#origin + pathOf(endpoint.path, call.params ?? {}) + queryOf(call.query ?? {}),
      headers: { accept: "application/json, application/cbor, */*", ...type, ...authorization(endpoint, secret) },
      body,
      timeoutMilliseconds: timeoutMilliseconds + (body?.length ?? 0) / slowBytesPerMillisecond,
      ...(call.stop === undefined ? {} : { stop: call.stop }),
    };
    try {
      return await this.#http.send(request);
    } catch (error) {
      if (error instanceof Unreachable) throw new HallError("offline", "the hall cannot be reached");
      throw error;
    }
  }
}

function authorization(endpoint: Endpoint, secret: Uint8Array | null): Readonly<Record<string, string>> {
  if (endpoint.authorization === "none" || secret === null) return {};
  return { authorization: `${authorizationSchemes[endpoint.authorization]} ${toBase64url(secret)}` };
}

interface Body {
  readonly bytes: Uint8Array | null;
  readonly type: Readonly<Record<string, string>>;
}

function bodyOf(body: unknown, typeOfBytes: string): Body {
  if (body === undefined) return { bytes: null, type: {} };
  if (body instanceof Uint8Array) return { bytes: body, type: { "content-type": typeOfBytes } };
  return { bytes: toUtf8(JSON.stringify(body)), type: { "content-type": "application/json" } };
}

function pathOf(path: string, params: Readonly<Record<string, string | number>>): string {
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`the parameter ${name} is missing`);
    return encodeURIComponent(String(value));
  });
}

function queryOf(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

function replied<E extends Endpoint>(endpoint: E, response: HttpResponse): Replied<E> {
  const { status } = response;
  const schema: unknown = endpoint.response[status];
  if (schema === undefined) throw lies(`unknown status ${status}`);
  const body = contentOf(response);
  const fits = schema === RawBytes ? body instanceof Uint8Array : matchesSchema(schema, body);
  if (!fits) throw lies(`another form at status ${status}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just compared with the schema that this type is made from
  return { kind: "ok", status, body: body as Replied<E>["body"] };
}

/** Null where there is no content, a parsed value of JSON, the bytes of everything else. */
function contentOf({ status, headers, body }: HttpResponse): unknown {
  if (status === 204) return null;
  if (headers["content-type"]?.startsWith("application/json") === true) return parseJson(body);
  return body;
}

function lies(what: string): HallError {
  return new HallError("server-lies", `the hall answered in a form that this program does not know: ${what}`);
}
