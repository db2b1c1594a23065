import { useQuery } from "@tanstack/react-query";
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

export function useConnection(): Connection | null {
  return useMe()?.connection ?? null;
}

export function useSettings() {
  const hall = useHall();
  const open = useMe() !== null;
  return useQuery({ queryKey: sessionKeys.settings, queryFn: () => hall.session.settings(), enabled: open });
}
