import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { ProblemError } from "./problem.ts";

/** Addresses that are remembered at once, in memory only; the oldest are forgotten first. */
const rememberedAddresses = 20_000;

/** How often one address may ask in a minute. Whole offices and conference halls share an address. */
export const requestsPerMinute = {
  /** Cheap questions of people who are not known yet. */
  anonymous: 1_200,
  /** What costs signatures and writes. */
  signing: 600,
} as const;

export type RateLimited = { readonly rateLimit: { readonly max: number; readonly timeWindow: number } };

/** For a route: `described(CreateSession, limited("signing"))`. */
export function limited(kind: keyof typeof requestsPerMinute): RateLimited {
  return { rateLimit: { max: requestsPerMinute[kind], timeWindow: 60_000 } };
}

/** Limits the routes that ask for it with {@link limited}. What it counts is never stored nor logged. */
export async function installRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    cache: rememberedAddresses,
    keyGenerator: ({ ip }) => networkOf(ip),
    addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    addHeadersOnExceeding: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemError("too-many-requests", { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)) }),
  });
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
