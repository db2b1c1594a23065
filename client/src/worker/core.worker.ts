import { createUnionhall } from "../core/create-unionhall.ts";
import { browserPlatform, deviceLockName, webLock, type Marker } from "../platform/browser.ts";
import { timerClock } from "../platform/web/timer-clock.ts";
import type { FromCore, Line, ToCore } from "./messages.ts";
import { Tab, type TabMessage, type WakeableHall } from "./tabs.ts";

// Core in a worker of its own: the page stays quick, and keys never come into the page's memory.
// A worker's messages go to its page alone, and a channel's to this origin: neither takes a target.
/* oxlint-disable unicorn/require-post-message-target-origin */
const page: Line<FromCore, ToCore> = {
  send: (message) => self.postMessage(message),
  listen: (listener) => self.addEventListener("message", ({ data }: MessageEvent<ToCore>) => listener(data)),
};

const channel = new BroadcastChannel("unionhall-tabs");
const tabs: Line<TabMessage, TabMessage> = {
  send: (message) => channel.postMessage(message),
  listen: (listener) => channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => listener(data)),
};

const lock = webLock(deviceLockName);
void new Tab({ name: crypto.randomUUID(), page, tabs, lock, clock: timerClock, open: openHall });

async function openHall(): Promise<WakeableHall> {
  const marker: Marker = { wasHere: await askMarker(), set: (here) => page.send({ kind: "mark", here }) };
  return createUnionhall(await browserPlatform({ origin: self.location.origin, marker }));
}

/** Asked when the device is opened, since another tab may have changed it after this one was loaded. */
function askMarker(): Promise<boolean> {
  return new Promise((resolve) => {
    const listener = ({ data }: MessageEvent<ToCore>): void => {
      if (data.kind !== "marker") return;
      self.removeEventListener("message", listener);
      resolve(data.wasHere);
    };
    self.addEventListener("message", listener);
    page.send({ kind: "marker?" });
  });
}
