import { Unreachable, type Http, type HttpRequest, type HttpResponse } from "../../core/platform.ts";

/** Http over `fetch`, in browsers and in Node. `extraHeaders` go with every request: Node names its origin by itself. */
export function webHttp(extraHeaders: Readonly<Record<string, string>> = {}): Http {
  return { send: (request) => send(request, extraHeaders) };
}

async function send(request: HttpRequest, extraHeaders: Readonly<Record<string, string>>): Promise<HttpResponse> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, request.timeoutMilliseconds);
  const forget = request.stop?.onStop(abort);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...extraHeaders, ...request.headers },
      body: request.body === null ? null : request.body.slice(),
      redirect: "error",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: controller.signal,
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers.entries()), body };
  } catch {
    throw new Unreachable("the hall did not answer");
  } finally {
    clearTimeout(timer);
    forget?.();
  }
}
