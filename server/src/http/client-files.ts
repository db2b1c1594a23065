import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { sendProblem } from "./problem.ts";

const yearSeconds = 31_536_000;

/** Built files with a hash of their content in the name. */
const hashedFolder = "/assets/";

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Unionhall</title></head>
<body><h1>This hall runs, but its pages are not built</h1>
<p>Stop it and start it again with <code>npm start</code>, which builds them. No data is affected.</p></body></html>
`;

/**
 * Serves the built client: every address that is no file and not under /api is the app's own to understand. Files packed with brotli when
 * they were built are sent as they are.
 */
export async function installClientFiles(app: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, "index.html"));
  if (isBuilt)
    await app.register(fastifyStatic, {
      root: folder,
      index: false,
      wildcard: false,
      preCompressed: true,
      dotfiles: "ignore",
      serveDotFiles: false,
      cacheControl: false,
      lastModified: false,
      setHeaders: (reply, path) => {
        reply.header("cache-control", cacheRule(path));
      },
    });
  app.setNotFoundHandler(async (request, reply) => {
    if (!isPage(request.method, request.url)) return await sendProblem(reply, "unknown-address");
    if (!isBuilt) return await reply.code(503).type("text/html; charset=utf-8").send(notBuilt);
    return await reply.type("text/html; charset=utf-8").sendFile("index.html");
  });
}

function cacheRule(path: string): string {
  return path.includes(hashedFolder) ? `public, max-age=${yearSeconds}, immutable` : "no-cache";
}

/** An address of the app: read, not under /api or /assets, without a dot in its last part. */
function isPage(method: string, url: string): boolean {
  const path = url.split("?")[0] ?? "";
  const isRead = method === "GET" || method === "HEAD";
  return isRead && !path.startsWith("/api/") && !path.startsWith(hashedFolder) && !/\.[^/]*$/.test(path);
}
