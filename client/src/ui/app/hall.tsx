import { createContext, type ReactNode, useContext } from "react";
import type { Unionhall } from "../../core/index.ts";

const HallContext = createContext<Unionhall | null>(null);

export function HallProvider({ hall, children }: { readonly hall: Unionhall; readonly children: ReactNode }) {
  return <HallContext value={hall}>{children}</HallContext>;
}

/** The one door into core. */
export function useHall(): Unionhall {
  const hall = useContext(HallContext);
  if (!hall) throw new Error("useHall outside of HallProvider");
  return hall;
}
