import { useSyncExternalStore } from "react";
import { type Arrival, readLink } from "./read-link.ts";

interface Arrived extends Arrival {
  /** Tells this link from the one before without saying it. */
  readonly number: number;
}

/**
 * The link that somebody opened. What stands after `#` is its secret: it is read once, taken out of the address bar before anything else
 * runs, and lives only in this module until it is used. It is never stored and never logged.
 */
let arrival: Arrived | null = null;
let arrivals = 0;
const listeners = new Set<() => void>();

function set(next: Arrival | null): void {
  arrivals += 1;
  arrival = next === null ? null : { ...next, number: arrivals };
  for (const listener of listeners) listener();
}

function takeFromAddressBar(): void {
  if (location.hash === "") return;
  const found = readLink(location.href);
  history.replaceState(history.state, "", location.pathname + location.search);
  if (found) set(found);
}

takeFromAddressBar();
// A link pasted into the address bar of an open page changes only the part after `#`.
addEventListener("hashchange", takeFromAddressBar);

/** Goes on with a link that was pasted into a field. */
export function arriveBy(link: Arrival): void {
  set(link);
}

/** Lets go of the link once it has done its work. */
export function forgetArrival(): void {
  set(null);
}

export function useArrival(kind: Arrival["kind"]): Arrived | null {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => arrival,
  );
  return current?.kind === kind ? current : null;
}
