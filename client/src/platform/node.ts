import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "../core/platform.ts";
import { keyFile } from "./node/key-file.ts";
import { lockFile } from "./node/lock-file.ts";
import { SqliteStorage } from "./node/sqlite-storage.ts";
import { timerClock } from "./web/timer-clock.ts";
import { webHttp } from "./web/web-http.ts";
import { webSockets } from "./web/web-sockets.ts";

/**
 * A device in a folder of its own: `store.sqlite`, `key` and `lock`. The folder is made with mode 0700 if it is not there.
 *
 * @param origin of the hall, as in {@link Platform.origin}
 */
export function nodePlatform({ home, origin }: { readonly home: string; readonly origin: string }): Platform {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = lockFile(join(home, "lock"), timerClock);
  return {
    origin,
    deviceName: "command line",
    http: webHttp({ origin }),
    sockets: webSockets((url) => new WebSocket(url, { headers: { origin } })),
    storage: new SqliteStorage(join(home, "store.sqlite")),
    keys: keyFile(join(home, "key")),
    lock,
    clock: timerClock,
    random: (length) => new Uint8Array(randomBytes(length)),
  };
}
