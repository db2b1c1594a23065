import type { FromCore, Line, ToCore } from "./messages.ts";

/**
 * The worker's line to its page. It listens from the moment this module is evaluated: the modules that hold core wait for the WebAssembly, and
 * what the page says meanwhile would be lost. So the worker imports this one first, and it imports nothing.
 */
const early: ToCore[] = [];
const listeners: ((message: ToCore) => void)[] = [];

self.addEventListener("message", ({ data }: MessageEvent<ToCore>) => {
  if (listeners.length === 0) early.push(data);
  for (const listener of listeners) listener(data);
});

export const pageLine: Line<FromCore, ToCore> = {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no one but its page
  send: (message) => self.postMessage(message),
  listen: (listener) => {
    listeners.push(listener);
    for (const message of early.splice(0)) listener(message);
  },
};
