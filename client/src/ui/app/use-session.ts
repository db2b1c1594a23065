import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Connection, DeviceState } from "../../core/index.ts";
import { useHall } from "./hall.tsx";

export const sessionKeys = {
  all: ["session"],
  state: ["session", "state"],
  settings: ["session", "settings"],
} as const;

export type OpenDevice = Extract<DeviceState, { kind: "open" }>;

/** What this device is: empty, locked, open … */
export function useDeviceState() {
  const hall = useHall();
  return useQuery({ queryKey: sessionKeys.state, queryFn: () => hall.session.state() });
}

/** The open account. Only for screens behind the lock. */
export function useMe(): OpenDevice | null {
  const { data } = useDeviceState();
  return data?.kind === "open" ? data : null;
}

/** The connection to the hall. A device that knows it has no network is offline before core has noticed. */
export function useConnection(): Connection | null {
  const connection = useMe()?.connection ?? null;
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine);
  return connection && !online ? { ...connection, kind: "offline" } : connection;
}

function watchNetwork(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

export function useSettings() {
  const hall = useHall();
  const open = useMe() !== null;
  return useQuery({ queryKey: sessionKeys.settings, queryFn: () => hall.session.settings(), enabled: open });
}
