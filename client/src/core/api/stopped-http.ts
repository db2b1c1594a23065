import type { Http } from "../platform.ts";
import type { StopSignal } from "../stop.ts";

/** HTTP whose every request ends as unreachable when this is stopped: whoever closes waits for no hall. */
export function stoppedHttp(http: Http, stop: StopSignal): Http {
  return { send: (request) => http.send({ ...request, stop: request.stop ?? stop }) };
}
