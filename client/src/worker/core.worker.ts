// The first import: see there.
import { pageLine } from "./page-line.ts";
import "../platform/web/older-browsers.ts";
import { createUnionhall } from "../core/create-unionhall.ts";
import { browserPlatform, deviceLockName, webLock, type Marker } from "../platform/browser.ts";
import { timerClock } from "../platform/web/timer-clock.ts";
import type { Line } from "./messages.ts";
import { Tab, type TabMessage, type WakeableHall } from "./tabs.ts";

// Core in a worker of its own: the page stays quick, and keys never come into the page's memory.
const channel = new BroadcastChannel("unionhall-tabs");
const tabs: Line<TabMessage, TabMessage> = {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only, and takes none
  send: (message) => channel.postMessage(message),
  listen: (listener) => channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => listener(data)),
};

const lock = webLock(deviceLockName);
void new Tab({ name: crypto.randomUUID(), page: pageLine, tabs, lock, clock: timerClock, open: openHall });

async function openHall(): Promise<WakeableHall> {
  const marker: Marker = { wasHere: await askMarker(), set: (here) => pageLine.send({ kind: "mark", here }) };
  return createUnionhall(await browserPlatform({ origin: self.location.origin, marker }));
}

/** Asked when the device is opened, since another tab may have changed it after this one was loaded. */
function askMarker(): Promise<boolean> {
  return new Promise((resolve) => {
    pageLine.listen((message) => {
      if (message.kind === "marker") resolve(message.wasHere);
    });
    pageLine.send({ kind: "marker?" });
  });
}
