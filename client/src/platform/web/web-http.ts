import { Unreachable, type Http, type HttpRequest, type HttpResponse } from "../../core/platform.ts";

/** Http over `fetch`, in browsers and in Node. `extraHeaders` go with every request: Node names its origin by itself. */
export function webHttp(extraHeaders: Readonly<Record<string, string>> = {}): Http {
  return { send: (request) => send(request, extraHeaders) };
}

/** The longest answer that is read, in bytes: several times what the contract allows; a hall that sends more would only fill the memory. */
export const longestAnswer = 32 * 1024 * 1024;
/** So long an answer may take that comes bit by bit, in milliseconds: the largest page over a network of a few kilobytes per second. */
const longestReading = 15 * 60 * 1000;

async function send(request: HttpRequest, extraHeaders: Readonly<Record<string, string>>): Promise<HttpResponse> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let silence = setTimeout(abort, request.timeoutMilliseconds);
  const whole = setTimeout(abort, request.timeoutMilliseconds + longestReading);
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(abort, request.timeoutMilliseconds);
  };
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
    heard();
    const body = await readBody(response, heard, abort);
    return { status: response.status, headers: Object.fromEntries(response.headers.entries()), body };
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable("the hall did not answer");
  } finally {
    clearTimeout(silence);
    clearTimeout(whole);
    forget?.();
  }
}

async function readBody(response: Response, heard: () => void, abort: () => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    heard();
    length += part.value.length;
    if (length > longestAnswer) {
      abort();
      throw new Unreachable("the hall's answer has no end");
    }
    parts.push(part.value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
