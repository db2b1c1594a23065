import type { FastifyInstance } from "fastify";

/**
 * Names of the Trusted Types policies that the client may make: for the address of its worker, and for that of the service worker. Whoever adds
 * one weakens the promise that no text becomes code; the client's build reads this list.
 */
export const trustedTypesPolicies = ["unionhall-worker", "unionhall-shell"] as const;

/** For pages: own files only, no inline script or style, no other origin, no frame, no text as code. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  `trusted-types ${trustedTypesPolicies.join(" ")}`,
].join("; ");

/** For everything that is no page. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

const unusedFeatures = [
  "accelerometer",
  "autoplay",
  "camera=(self)",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
];

const always = {
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "x-frame-options": "DENY",
  "x-dns-prefetch-control": "off",
  // The camera reads the QR code of an invite; nothing else is used.
  "permissions-policy": unusedFeatures.map((name) => (name.includes("=") ? name : `${name}=()`)).join(", "),
} as const;

const yearSeconds = 31_536_000;

/** The headers of a reply to a request for `url` on a hall at `origin`. */
export function securityHeaders(url: string, origin: string): Readonly<Record<string, string>> {
  const isPage = !url.startsWith("/api/");
  return {
    ...always,
    "content-security-policy": isPage ? pagePolicy : dataPolicy,
    ...(isPage ? {} : { "cache-control": "no-store" }),
    ...(origin.startsWith("https:")
      ? { "strict-transport-security": `max-age=${yearSeconds}; includeSubDomains` }
      : {}),
  };
}

/** Puts the headers on every reply, problems and files included. */
export function installSecurityHeaders(app: FastifyInstance, origin: string): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders(request.url, origin));
  });
}
