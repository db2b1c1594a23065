import type { FoundBox } from "../contract/boxes.ts";
import type { LogItem } from "../contract/log.ts";

/** What one committed transaction of a group has to tell. */
export interface GroupNews {
  readonly groupId: Uint8Array;
  /** New log items, in order of `seq`. */
  readonly items: readonly LogItem[];
  /** The era that the last of the items starts. */
  readonly era: { readonly era: number; readonly labelKey: Uint8Array } | null;
  /** Boxes added. */
  readonly boxes: readonly FoundBox[];
  /** The group is no more. */
  readonly deleted: boolean;
}

export type NewsListener = (news: GroupNews) => void;

/**
 * Carries news from where a transaction was committed to where readers are connected. Of one group they arrive in the order of the commits.
 * News can get lost (a process dies between commit and publishing): readers notice by the next `seq` and read what is missing.
 */
export interface Bus {
  publish(news: GroupNews): void;
  listen(listener: NewsListener): void;
}

/** For one process. */
export function createInProcessBus(): Bus {
  const listeners: NewsListener[] = [];
  return {
    publish(news) {
      for (const listener of listeners) listener(news);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
