import { useCallback, useEffect, useRef, useState } from "react";
import { useHall } from "../app/hall.tsx";

const pauseBeforeSaving = 400;

export interface Draft {
  readonly text: string;
  /** The kept draft has been read; before that nothing is saved over it. */
  readonly loaded: boolean;
  readonly setText: (text: string) => void;
  /** Empties it at once, here and where it is kept. */
  readonly clear: () => void;
}

/** What is being written, kept on this device while it is: in a topic, or for a new one (`topicId` null). */
export function useDraft(groupId: string, topicId: string | null): Draft {
  const hall = useHall();
  const [text, show] = useState("");
  const [loaded, setLoaded] = useState(false);
  const unsaved = useRef<string | null>(null);
  // On a slow device somebody writes, and it is saved, before the kept draft has been read: it must not come over that.
  const written = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const save = useCallback(() => {
    if (unsaved.current === null) return;
    // A draft that cannot be kept is still on the screen; sending says what is wrong.
    hall.topics.saveDraft(groupId, topicId, unsaved.current).catch(() => undefined);
    unsaved.current = null;
  }, [hall, groupId, topicId]);
  useEffect(() => {
    let here = true;
    written.current = false;
    const take = (kept: string): void => {
      if (!here) return;
      if (!written.current) show(kept);
      setLoaded(true);
    };
    hall.topics.draft(groupId, topicId).then(take, () => take(""));
    return () => {
      here = false;
    };
  }, [hall, groupId, topicId]);
  useEffect(() => {
    const leave = (): void => {
      if (document.visibilityState === "hidden") save();
    };
    document.addEventListener("visibilitychange", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      save();
    };
  }, [save]);
  const setText = useCallback(
    (next: string) => {
      written.current = true;
      unsaved.current = next;
      show(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(save, pauseBeforeSaving);
    },
    [save],
  );
  const clear = useCallback(() => {
    written.current = true;
    unsaved.current = "";
    show("");
    save();
  }, [save]);
  return { text, loaded, setText, clear };
}
