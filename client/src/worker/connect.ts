import "../platform/web/older-browsers.ts";
// oxlint-disable-next-line import/default -- the build makes it from the query
import workerUrl from "./core.worker.ts?worker&url";
import type { Unionhall } from "../core/index.ts";
import type { FromCore, Line, ToCore } from "./messages.ts";
import { neverStarted } from "./never-started.ts";
import { remoteUnionhall } from "./remote.ts";

const markerName = "unionhall-account";

/**
 * Starts core in its worker and gives the page its doors. Once per page; needs `worker-src 'self'` and, under Trusted Types, the policy name
 * `unionhall-worker` in the page's policy.
 */
export function connectUnionhall(): Unionhall {
  const worker = new Worker(trustedUrl(workerUrl), { type: "module", name: "unionhall" });
  const line: Line<ToCore, FromCore> = {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker takes none
    send: (message) => worker.postMessage(message),
    listen: (listener) => worker.addEventListener("message", ({ data }: MessageEvent<FromCore>) => listener(data)),
  };
  const broken = neverStarted(worker);
  const hall = remoteUnionhall(line, broken);
  keepMarker(worker, line);
  addEventListener("online", () => line.send({ kind: "wake" }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") line.send({ kind: "wake" });
  });
  return hall;
}

/**
 * Remembers for the worker that there is an account here: an account whose storage the browser threw away must be told from none. Where there is
 * one, the browser is asked to keep the storage.
 */
function keepMarker(worker: Worker, line: Line<ToCore, FromCore>): void {
  worker.addEventListener("message", ({ data }: MessageEvent<FromCore>) => {
    if (data.kind === "marker?") line.send({ kind: "marker", wasHere: readMarker() });
    if (data.kind !== "mark") return;
    writeMarker(data.here);
    if (data.here) void navigator.storage.persist().catch(() => {});
  });
}

function readMarker(): boolean {
  try {
    return localStorage.getItem(markerName) !== null;
  } catch {
    return false;
  }
}

function writeMarker(here: boolean): void {
  try {
    if (here) localStorage.setItem(markerName, "1");
    else localStorage.removeItem(markerName);
  } catch {
    // A browser that keeps nothing here: an eviction will look like an empty device.
  }
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

declare global {
  // oxlint-disable-next-line no-var -- how a global is declared
  var trustedTypes: TrustedTypes | undefined;
}

/** The worker's own address, and nothing else, as a trusted one. */
function trustedUrl(url: string): string {
  const rules = {
    createScriptURL: (asked: string): string => {
      if (asked !== url) throw new TypeError("only the program's own worker is started");
      return asked;
    },
  };
  return globalThis.trustedTypes?.createPolicy("unionhall-worker", rules).createScriptURL(url) ?? url;
}
