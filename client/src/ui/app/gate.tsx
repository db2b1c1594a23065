import { Suspense } from "react";
import { useLocation } from "wouter";
import { later } from "./later.tsx";
import type { DeviceState } from "../../core/index.ts";
import { type Failure, failureOf } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { Desk } from "./desk.tsx";
import { CouldNotFetch, LoadAgain } from "./not-fetched.tsx";
import { Opening } from "./opening.tsx";
import { useAccountSettings } from "./use-account-settings.ts";
import { useForgetWhenClosed } from "./use-forget-when-closed.ts";
import { useDeviceState } from "./use-session.ts";

const Locked = later(() => import("../account/locked.tsx"));
const InUseElsewhere = later(() => import("../account/in-use-elsewhere.tsx"));
const Welcome = later(() => import("../account/welcome.tsx"));
const Join = later(() => import("../account/join-page.tsx"));
const Setup = later(() => import("../account/setup-page.tsx"));
const Recover = later(() => import("../account/recover-page.tsx"));

/** Decides by the device's state what can be shown at all. */
export function Gate() {
  const device = useDeviceState();
  useAccountSettings();
  useForgetWhenClosed(device.data?.kind);
  if (!device.data && device.isError) return <NotBegun failure={failureOf(device.error)} />;
  return <Suspense fallback={<Opening />}>{device.data ? <Admitted state={device.data} /> : <Opening />}</Suspense>;
}

/** The program's worker did not start, or cannot open this device: nothing changes that but another start. */
function NotBegun({ failure }: { readonly failure: Failure }) {
  return (
    <Opening>{failure === "offline" ? <CouldNotFetch /> : <Refusal failure={failure} acts={<LoadAgain />} />}</Opening>
  );
}

/** Coming in changes the device from empty to open half-way, so those pages stand in the same place for both. */
function Admitted({ state }: { readonly state: DeviceState }) {
  const [path] = useLocation();
  const page = path.replace(/\/$/, "");
  switch (state.kind) {
    case "locked":
      return <Locked />;
    case "in-use-elsewhere":
      return <InUseElsewhere />;
    case "evicted":
      return <Recover evicted />;
    case "empty":
    case "open":
      if (page === "/join") return <Join />;
      if (page === "/setup") return <Setup />;
      if (page === "/recover") return <Recover />;
      return state.kind === "open" ? <Desk /> : <Welcome />;
  }
}
