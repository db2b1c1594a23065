import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Unionhall } from "../../core/index.ts";
import { Announcer } from "./announcer.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { followChanges } from "./follow-changes.ts";
import { Gate } from "./gate.tsx";
import { HallProvider } from "./hall.tsx";

/** Core answers from this device: nothing is fetched again but what a change event names, and nothing waits for the network. */
function makeQueries(): QueryClient {
  const always = { networkMode: "always", retry: false } as const;
  return new QueryClient({
    defaultOptions: {
      queries: { ...always, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false },
      mutations: always,
    },
  });
}

export function App({ hall }: { readonly hall: Unionhall }) {
  const [queries] = useState(makeQueries);
  useEffect(() => followChanges(hall, queries), [hall, queries]);
  return (
    <I18nProvider i18n={i18n}>
      <ErrorBoundary whole>
        <HallProvider hall={hall}>
          <QueryClientProvider client={queries}>
            <Announcer>
              <Gate />
            </Announcer>
          </QueryClientProvider>
        </HallProvider>
      </ErrorBoundary>
    </I18nProvider>
  );
}
