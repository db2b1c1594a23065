import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { DeviceState } from "../../core/index.ts";
import { sessionKeys } from "./use-session.ts";

/** When an open device is locked, emptied or taken over, the page forgets everything it was shown; core has forgotten its keys by then. */
export function useForgetWhenClosed(kind: DeviceState["kind"] | undefined): void {
  const queries = useQueryClient();
  const before = useRef(kind);
  useEffect(() => {
    const closed = before.current === "open" && kind !== "open";
    before.current = kind;
    if (!closed) return;
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey.join() !== sessionKeys.state.join() });
    queries.getMutationCache().clear();
  }, [kind, queries]);
}
