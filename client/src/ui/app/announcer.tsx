import { createContext, type ReactNode, useCallback, useContext, useRef } from "react";

const Announce = createContext<(words: string) => void>(() => undefined);

/** Two live regions, used in turn, so that the same words said twice are read twice. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const regions = useRef<(HTMLDivElement | null)[]>([]);
  const turn = useRef(0);
  const announce = useCallback((words: string) => {
    turn.current = 1 - turn.current;
    const [now, other] = [regions.current[turn.current], regions.current[1 - turn.current]];
    if (other) other.textContent = "";
    if (now) now.textContent = words;
  }, []);
  return (
    <Announce value={announce}>
      {children}
      {[0, 1].map((index) => (
        <div
          key={index}
          ref={(element) => {
            regions.current[index] = element;
          }}
          className="for-ears"
          aria-live="polite"
        />
      ))}
    </Announce>
  );
}

/** Says something to screen readers without moving the focus. */
export function useAnnounce(): (words: string) => void {
  return useContext(Announce);
}
