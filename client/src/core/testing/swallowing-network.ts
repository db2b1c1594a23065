import type { Platform } from "../platform.ts";

/** A network on which what is sent over the live connection can be made to arrive nowhere. */
export class SwallowingNetwork {
  isSwallowing = false;
  swallowed = 0;

  under(platform: Platform): Platform {
    const open: Platform["sockets"]["open"] = (url, events) => {
      const socket = platform.sockets.open(url, events);
      return {
        get bufferedBytes() {
          return socket.bufferedBytes;
        },
        send: (bytes) => {
          if (this.isSwallowing) this.swallowed += 1;
          else socket.send(bytes);
        },
        close: (code, reason) => socket.close(code, reason),
      };
    };
    return { ...platform, sockets: { open } };
  }
}
