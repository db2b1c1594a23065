import type { Change, HallProblem, Unionhall } from "../core/index.ts";

/** What goes between a page and the worker, and between tabs. Everything is plain data. */
export type ToCore =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly door: DoorName;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  /** The browser says that the network is back, or that the page is looked at again. */
  | { readonly kind: "wake" }
  /** Answers `marker?`: whether this browser is known to have had an account here. */
  | { readonly kind: "marker"; readonly wasHere: boolean };

export type FromCore =
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly problem: HallProblem; readonly detail: string }
  /** A failure that core does not name: a fault of the program. `message` holds no content. */
  | { readonly kind: "broken"; readonly id: number; readonly message: string }
  | { readonly kind: "change"; readonly change: Change }
  /** Only a page can look into localStorage, which may outlive the storage that the browser throws away. */
  | { readonly kind: "marker?" }
  | { readonly kind: "mark"; readonly here: boolean };

/** The doors of {@link Unionhall}; `hall` stands for its own methods. */
export const doorNames = ["session", "groups", "invites", "topics", "hall"] as const;
export type DoorName = (typeof doorNames)[number];
export type Door = Exclude<DoorName, "hall"> & keyof Unionhall;

/** Where messages go and come from: a worker, its inside, a port. */
export interface Line<Sent, Received> {
  send(message: Sent): void;
  /** One listener; messages before it are kept by the other side's queue. */
  listen(listener: (message: Received) => void): void;
}
