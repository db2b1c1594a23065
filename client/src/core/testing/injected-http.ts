import { Unreachable, type Http } from "../platform.ts";

/** As much of Fastify's `inject` as is needed. */
interface Injectable {
  inject(request: {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    url: string;
    headers: Record<string, string>;
    payload?: Buffer;
  }): Promise<{ statusCode: number; headers: Record<string, unknown>; rawPayload: Buffer }>;
}

/** The real server without a port between. */
export function injectedHttp(app: Injectable, origin: string): Http {
  return {
    async send({ method, url, headers, body, stop }) {
      if (stop?.stopped === true || !url.startsWith(origin)) throw new Unreachable("not reachable");
      const reply = await app.inject({
        method,
        url: url.slice(origin.length),
        headers: { ...headers, origin },
        ...(body === null ? {} : { payload: Buffer.from(body) }),
      });
      const texts = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as const);
      return { status: reply.statusCode, headers: Object.fromEntries(texts), body: new Uint8Array(reply.rawPayload) };
    },
  };
}
