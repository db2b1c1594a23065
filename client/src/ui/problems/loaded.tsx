import { Trans } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../design/button.tsx";
import { Waiting } from "../design/working.tsx";
import { failureOf } from "./failure.ts";
import { Refusal } from "./refusal.tsx";
import styles from "./loaded.module.css";

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** What a query brings: waiting, refused with a way to try again, or its data. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (!query.isError) return <Waiting />;
  return (
    <div className={styles.failed}>
      <Refusal
        failure={failureOf(query.error)}
        acts={
          <Button onClick={() => void query.refetch()} pending={query.isFetching}>
            <Trans>Try again</Trans>
          </Button>
        }
      />
    </div>
  );
}
