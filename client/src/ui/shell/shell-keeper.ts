import type { BuiltShell } from "./built-shell.ts";

/**
 * The service worker: keeps the built program on this device, so that the page opens when the hall cannot be reached. It keeps the files of one
 * build and nothing else: no answer of the hall's, no address of a page, and of what is asked for it looks at the path alone, since browsers
 * show service workers also what stands after `#` (decision 0009).
 */

/** Put before this program by the build (`vite/shell-keeper.ts`). */
declare const built: BuiltShell;

interface LifeEvent extends Event {
  waitUntil(end: Promise<unknown>): void;
}

interface AskEvent extends LifeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

declare global {
  interface WindowEventMap {
    readonly install: LifeEvent;
    readonly activate: LifeEvent;
    readonly fetch: AskEvent;
  }
  function skipWaiting(): Promise<void>;
  // oxlint-disable-next-line no-var -- how a global is declared
  var clients: { claim(): Promise<void> };
}

const prefix = "unionhall-shell ";
const own = prefix + built.version;
const pagePath = "/";
const files = new Set(built.files);

/** So long a page waits for the hall before it comes from this device: on a thin network, too, one wants to read. */
const patienceMilliseconds = 4000;

addEventListener("install", (event) => event.waitUntil(keepBuild()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(page());
  else if (files.has(pathname)) event.respondWith(file(pathname, request));
});

/** All of it or nothing: a build that is half there is fetched again another time, and the one before goes on being used. */
async function keepBuild(): Promise<void> {
  const cache = await caches.open(own);
  const fresh = await fetched(pagePath, "no-cache");
  if ((await sha256(await fresh.clone().arrayBuffer())) !== built.page) throw new Error("the hall has a newer build");
  for (const path of built.files) {
    // Names hold hashes of what is in the files, so what any build has kept is the same.
    const held = (await caches.match(path)) ?? (await fetched(path, "default"));
    await cache.put(path, held);
  }
  await cache.put(pagePath, fresh);
  // Nothing of a build stands in this program but its list, so an open page loses nothing by the change.
  await skipWaiting();
}

/** The build before stays: a tab that was open may still ask for its files. */
async function takeOver(): Promise<void> {
  const kept = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== own);
  for (const name of kept.slice(0, -1)) await caches.delete(name);
  await clients.claim();
}

/** The hall's page where the hall answers, so that every start has the newest; otherwise the one that is kept. Every path has the same. */
async function page(): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMilliseconds);
  try {
    const fresh = await fetch(pagePath, { cache: "no-cache", redirect: "error", signal: patience.signal });
    if (fresh.ok) return fresh;
    return (await keptPage()) ?? fresh;
  } catch (error) {
    const kept = await keptPage();
    if (kept === undefined) throw error;
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

async function keptPage(): Promise<Response | undefined> {
  return (await caches.open(own)).match(pagePath);
}

async function file(path: string, request: Request): Promise<Response> {
  return (await caches.match(path)) ?? fetch(request);
}

async function fetched(path: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(path, { cache, redirect: "error" });
  if (!response.ok) throw new Error("the hall does not have all of this build");
  return response;
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
