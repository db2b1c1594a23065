export type * from "./session/session-door.ts";
export type * from "./groups/groups-door.ts";
export type * from "./invites/invites-door.ts";
export type * from "./topics/topics-door.ts";
export type { Change, Unionhall } from "./unionhall.ts";
export { HallError, hallProblems, type HallProblem } from "./problems.ts";
export { parseMarkdown } from "./topics/markdown.ts";
