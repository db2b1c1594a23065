import type { Endpoint, Plane } from "../contract/endpoint.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly plane?: Plane;
  }
}

/** Bytes of the longest body, where an endpoint does not say. */
export const defaultBodyLimit = 16 * 1024;

/** Only the parts of the request that the endpoint describes, with their own types. */
type RequestSchema<E extends Endpoint> = Pick<E, Extract<keyof E, "params" | "body" | "response">> &
  (E extends { readonly query: infer Query } ? { readonly querystring: Query } : unknown);

export interface DescribedRoute<E extends Endpoint, Extra extends object> {
  readonly method: E["method"];
  readonly url: E["path"];
  readonly schema: RequestSchema<E>;
  readonly bodyLimit: number;
  readonly config: { readonly plane: Plane } & Extra;
}

/**
 * An endpoint of the contract as Fastify's route options: `app.route({ ...described(CreateMailbox), handler })`.
 * `extra` goes into the route's `config`.
 * With the typebox type provider the handler's request has the contract's types.
 */
export function described<const E extends Endpoint, Extra extends object = object>(
  endpoint: E,
  extra?: Extra,
): DescribedRoute<E, Extra> {
  const { params, query, body, response } = endpoint;
  const parts = { params, querystring: query, body, response };
  const schema = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  return {
    method: endpoint.method,
    url: endpoint.path,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the very members that the type names
    schema: schema as RequestSchema<E>,
    bodyLimit: endpoint.bodyLimit ?? defaultBodyLimit,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without `extra` the type adds nothing
    config: { plane: endpoint.plane, ...extra } as { readonly plane: Plane } & Extra,
  };
}
