import { useEffect, useState, useSyncExternalStore } from "react";
import type { Unionhall } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { DraftKeeper, type DraftShelf, type DraftState } from "./draft-keeper.ts";

export interface Draft extends DraftState {
  readonly setText: (text: string) => void;
  /** Takes out what was sent, here and where it is kept. */
  readonly sent: (text: string) => void;
}

/** What is on its way to core: asked for again before it has arrived, the draft is this and not the one before. */
const onTheWay = new Map<string, string>();

function shelfOf(hall: Unionhall, groupId: string, topicId: string | null): DraftShelf {
  const place = `${groupId} ${topicId}`;
  return {
    read: async () => onTheWay.get(place) ?? (await hall.topics.draft(groupId, topicId)),
    save: async (text) => {
      onTheWay.set(place, text);
      try {
        await hall.topics.saveDraft(groupId, topicId, text);
      } finally {
        if (onTheWay.get(place) === text) onTheWay.delete(place);
      }
    },
  };
}

/** What is being written, kept on this device while it is: in a topic, or for a new one (`topicId` null). One place for each mount. */
export function useDraft(groupId: string, topicId: string | null): Draft {
  const hall = useHall();
  const [keeper] = useState(() => new DraftKeeper(shelfOf(hall, groupId, topicId)));
  const state = useSyncExternalStore(keeper.subscribe, keeper.state);
  useEffect(() => {
    keeper.open();
    const leaveOrComeBack = (): void => {
      if (document.visibilityState === "hidden") keeper.save();
      else keeper.look();
    };
    const stopHearing = hall.subscribe((change) => {
      if (change.kind === "draft" && change.groupId === groupId && change.topicId === topicId) keeper.look();
    });
    document.addEventListener("visibilitychange", leaveOrComeBack);
    return () => {
      stopHearing();
      document.removeEventListener("visibilitychange", leaveOrComeBack);
      keeper.leave();
    };
  }, [keeper, hall, groupId, topicId]);
  return { ...state, setText: (text) => keeper.write(text), sent: (text) => keeper.sent(text) };
}
