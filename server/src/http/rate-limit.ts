import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { ProblemError } from "./problem.ts";

/** Addresses that are remembered at once for each kind of request, in memory only; the oldest are forgotten first. */
const rememberedAddresses = 20_000;

/** How often one address may ask in a minute, all routes of one kind together. Whole offices and conference halls share an address (decision 0013). */
export const requestsPerMinute = {
  /** Cheap questions of people who are not known yet. */
  anonymous: 4_000,
  /** What costs signatures and writes. */
  signing: 2_000,
  /** Files, chunk by chunk: somebody who sends a long one leaves the others their questions. */
  upload: 1_200,
} as const;

type RequestKind = keyof typeof requestsPerMinute;
const requestKinds = ["anonymous", "signing", "upload"] as const satisfies readonly RequestKind[];

declare module "fastify" {
  interface FastifyContextConfig {
    readonly limitedAs?: RequestKind;
  }
}

export type RateLimited = { readonly limitedAs: RequestKind };

/** For a route: `described(CreateSession, limited("signing"))`. */
export function limited(kind: RequestKind): RateLimited {
  return { limitedAs: kind };
}

/** Limits the routes that ask for it with {@link limited}, those of one kind together. What it counts is never stored nor logged. */
export async function installRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    keyGenerator: ({ ip }) => networkOf(ip),
    addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemError("too-many-requests", { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)) }),
  });
  // The plugin counts apart, and in a memory of its own, what each route's own configuration asks for; a handler that is made once counts once.
  const limiters = new Map(requestKinds.map((kind) => [kind, limiterOf(app, requestsPerMinute[kind])] as const));
  app.addHook("onRoute", (route) => {
    const kind = route.config?.limitedAs;
    const limiter = kind === undefined ? undefined : limiters.get(kind);
    if (limiter !== undefined) route.onRequest = [route.onRequest ?? [], limiter].flat();
  });
}

function limiterOf(app: FastifyInstance, max: number): ReturnType<FastifyInstance["rateLimit"]> {
  return app.rateLimit({ max, timeWindow: 60_000, cache: rememberedAddresses });
}

/** One household has a whole IPv6 network of 64 bits: its addresses count as one. */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  const [head = "", tail = ""] = address.split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = tail.split(":").filter((group) => group !== "");
  const missing = address.includes("::") ? Array.from({ length: 8 - before.length - after.length }, () => "0") : [];
  return [...before, ...missing, ...after].slice(0, 4).join(":");
}
