import type { ReactNode } from "react";
import { Rail } from "../groups/rail.tsx";
import { MainPane } from "./main-pane.tsx";
import { usePanes } from "./use-panes.ts";
import styles from "./desk.module.css";

/** A page that belongs to no group, beside the groups where there is room. */
export function RailAndMain({ children }: { readonly children: ReactNode }) {
  const panes = usePanes();
  return (
    <div className={styles.panes} data-columns={panes > 1 ? "rail-main" : "main"}>
      {panes > 1 ? <Rail /> : null}
      <MainPane>{children}</MainPane>
    </div>
  );
}
